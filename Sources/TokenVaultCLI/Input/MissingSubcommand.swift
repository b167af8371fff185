import ArgumentParser

/// A command line that names no command, or only a group of commands: nothing was done, and the exit code says so.
struct MissingSubcommand: Error {
  let help: String

  /// Prints the help, where messages go.
  func report() -> ExitStatus {
    StandardError.write("tokenvault: no command is given\n\(help)")
    return .usage
  }
}

/// A command that does nothing by itself and has subcommands.
protocol CommandGroup: ParsableCommand {}

extension CommandGroup {
  /// Not the parser's own, which prints the help as a result and succeeds.
  func run() throws {
    throw MissingSubcommand(help: TokenVaultCommand.helpMessage(for: Self.self))
  }
}
