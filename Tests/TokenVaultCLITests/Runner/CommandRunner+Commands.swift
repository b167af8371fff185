import ArgumentParser

@testable import TokenVaultCLI

extension CommandRunner {
  /// Every command that does something, by the words that name it: `["key", "list"]`.
  static let commands: [(words: [String], type: any ParsableCommand.Type)] = leaves(
    TokenVaultCommand.self, [])

  private static func leaves(
    _ type: any ParsableCommand.Type, _ words: [String]
  ) -> [(words: [String], type: any ParsableCommand.Type)] {
    let children = type.configuration.subcommands
    if children.isEmpty { return [(words, type)] }
    return children.flatMap { leaves($0, words + [$0.configuration.commandName ?? ""]) }
  }
}
