internal import VaultCrypto

/// A command that prints a key.
enum KeyCommand {
  /// How long it may take.
  static let timeLimit: Duration = .seconds(3)

  /// Runs the command with `/bin/sh -c`, without standard input. Past the time limit it is killed with its process
  /// group.
  ///
  /// - Parameter limit: how many bytes it may print.
  /// - Returns: its output, which the caller cleanses.
  static func output(
    of command: String, limit: Int, within timeLimit: Duration = timeLimit
  ) throws(KeyError) -> [UInt8] {
    let child = ChildProcess(arguments: ["/bin/sh", "-c", command])
    var (output, end) = try KeyError.wrap(call: child.run(limit: limit, within: timeLimit))
    if end == .exit(0) { return output }
    output.cleanse()
    throw .unavailable(problem: end.description)
  }
}
