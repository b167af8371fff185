import ArgumentParser

struct PolicyCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "The vault's limits, which end records: show, set.",
    subcommands: [PolicyShowCommand.self, PolicySetCommand.self])
}
