import ArgumentParser
import TokenVault

struct KeyAcceptCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Accept the key slots as they are.",
    examples: ["tokenvault key accept"],
    discussion: """
      This host remembers the vault's key slots and a check value of its data key. If they are others than it has seen, \
      commands warn or end with 10, and `rotate` refuses. If you know each of them, this remembers them. If you do not: \
      tokenvault rotate --drop-other-slots.
      """)

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func run() throws {
    var session = session
    session.acceptsSlots = true
    let slots = try session.openVault().status().slots
    let names = slots.map { "'\($0.name)' (\($0.kind.rawValue), key \($0.keyID))" }
    try session.print(
      ShortReport(
        sentences: ["accepted the key slots \(names.joined(separator: ", "))"],
        json: slots.map(\.json)))
  }
}
