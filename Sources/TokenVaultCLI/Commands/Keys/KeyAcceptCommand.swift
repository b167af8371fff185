import ArgumentParser
import TokenVault

struct KeyAcceptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Accept the ways to open the vault as they are.",
    discussion: """
      This host remembers the vault's key slots and a check value of its data key. Where they are others than it has \
      seen, commands warn or end with 10, and `rotate` refuses. If you know each of them, this remembers them. If you do \
      not: tokenvault rotate --drop-other-slots.
      """)

  @OptionGroup var options: GlobalOptions

  func run() throws {
    var session = options.session
    session.acceptsSlots = true
    let status = try session.openVault().status()
    if session.json {
      return try StandardOutput.write(KeyListCommand.json(status.slots) + "\n")
    }
    let names = status.slots.map { "'\($0.name)' (\($0.kind.rawValue), key \($0.keyID))" }
    try StandardOutput.write(
      DisplayText.oneLine("accepted the key slots \(names.joined(separator: ", "))") + "\n")
  }
}
