import ArgumentParser

/// A command that has subcommands and does nothing by itself.
protocol CommandGroup: ParsableCommand {}

extension CommandGroup {
  /// In the place of the parser's own `run`, which prints the help as a result and succeeds.
  func run() throws {
    var failure = Failure.usage("no command is given")
    failure.help = HelpPage.arranged(TokenVaultCommand.helpMessage(for: Self.self))
    throw failure
  }
}
