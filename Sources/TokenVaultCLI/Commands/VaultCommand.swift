import ArgumentParser

/// A command with the options that all commands have.
protocol VaultCommand: ParsableCommand {
  var options: GlobalOptions { get }
}

extension VaultCommand {
  /// The options as the rest of the command uses them.
  var session: Session { options.session }
}
