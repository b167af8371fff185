import ArgumentParser
import TokenVault

struct KeyRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove a way to open the vault.",
    discussion: "Refuses to remove the last one. The previous snapshot, which it opens, goes too.",
    aliases: ["rm"])

  @Argument(help: "The slot's name.")
  var name: String

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try options.session.openVault().removeSlot(named: name)
    options.session.note(
      "removed the key slot '\(name)'; if someone may know its key, older copies of the vault still open "
        + "with it: tokenvault rotate makes the data key new")
    if options.session.json {
      var object = JSONObject()
      object.set("removed", name)
      try StandardOutput.write(object.text + "\n")
    }
  }
}
