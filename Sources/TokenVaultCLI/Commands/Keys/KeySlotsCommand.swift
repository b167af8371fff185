import ArgumentParser

struct KeySlotsCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "The key slots, which open the vault: list, add, remove, accept.",
    subcommands: [
      KeyListCommand.self, KeyAddCommand.self, KeyRemoveCommand.self, KeyAcceptCommand.self,
    ])
}
