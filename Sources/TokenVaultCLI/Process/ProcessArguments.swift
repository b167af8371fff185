import TokenVault

/// The words of the command line, as the C library passes them to the process.
///
/// Not `CommandLine.arguments`: Swift reads that from `/proc/self/cmdline`, and it is empty if a sandbox hides `/proc`.
struct ProcessArguments {
  let words: [String]

  /// Throws a `Failure` if the process has no arguments, not even the program's name.
  init(
    count: CInt, _ texts: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
  ) throws(Failure) {
    let all = unsafe UnsafeBufferPointer(start: texts, count: texts == nil ? 0 : Int(max(count, 0)))
    guard !all.isEmpty else {
      throw Failure(
        .other,
        "the process was started without arguments, not even its own name: they come from its caller, not from /proc",
        hint: "start it by a shell, or with its name as the first argument")
    }
    words = unsafe all.dropFirst().compactMap { text in
      unsafe text.map { unsafe String(cString: $0) }
    }
  }
}
