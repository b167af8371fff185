import ArgumentParser

/// A command with the options that all commands have.
protocol VaultCommand: ParsableCommand {
  var options: GlobalOptions { get }
}

extension VaultCommand {
  var session: Session { options.session }
}
