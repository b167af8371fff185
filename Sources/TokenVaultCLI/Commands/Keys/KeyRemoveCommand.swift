import ArgumentParser
import TokenVault

struct KeyRemoveCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove a key slot.",
    examples: ["tokenvault key remove backup"],
    discussion:
      "Refuses to remove the last one. Also removes the previous snapshot, which the slot's key opens.",
    aliases: ["rm"])

  @Argument(help: "The slot's name.", completion: StoredNames.slots)
  var name: String

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func run() throws {
    try session.openVault().removeSlot(named: name)
    session.note(
      "removed the key slot '\(name)'; if someone may know its key, older copies of the vault still open "
        + "with it: tokenvault rotate makes the data key new")
    try session.print(ShortReport(json: ["removed": name] as JSONObject))
  }
}
