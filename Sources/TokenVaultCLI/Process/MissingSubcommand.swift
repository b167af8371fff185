/// A command line that names no command, or only a group of commands: a usage error.
struct MissingSubcommand: Error {
  let help: String

  /// Prints the help to standard error.
  func report() -> ExitStatus {
    StandardError.write("tokenvault: no command is given\n\(help)")
    return .usage
  }
}
