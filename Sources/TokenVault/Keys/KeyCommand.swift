internal import VaultCrypto

/// A command that prints a key.
enum KeyCommand {
  /// How long it may take.
  static let timeLimit: Duration = .seconds(3)

  /// What `/bin/sh -c` prints for the command, at most `limit` bytes; the caller cleanses it.
  ///
  /// The command gets nothing on its standard input. One that takes longer than the time limit is killed,
  /// and with it all that it has started in its process group.
  static func output(
    of command: String, limit: Int, within timeLimit: Duration = timeLimit
  ) throws(KeyError) -> [UInt8] {
    let child = ChildProcess(arguments: ["/bin/sh", "-c", command])
    var output: [UInt8]
    let end: ChildProcess.End
    do throws(DiskError) {
      (output, end) = try child.run(limit: limit, within: timeLimit)
    } catch {
      throw .file(.disk(error))
    }
    if end == .exit(0) { return output }
    output.cleanse()
    throw .unavailable(problem: end.description)
  }
}
