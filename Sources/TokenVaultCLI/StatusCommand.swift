import ArgumentParser
import TokenVault

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Tell what the vault is and what it protects against.")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let status = try options.session.openVault().status()
    if options.session.json { return try StandardOutput.write(Self.json(status).text + "\n") }
    let rows: [(String, String)] = [
      ("vault", status.path), ("store", status.storeID), ("format", status.format.rawValue),
      ("tokens", String(status.tokens)), ("generation", String(status.generation)),
      ("size", "\(status.size) bytes"), ("key", "\(status.keyPath) (\(status.keyID))"),
      ("protects", "against \(Protection.against)"), ("not", "against \(Protection.notAgainst)"),
    ]
    let lines = rows.map { name, value in
      name + String(repeating: " ", count: 12 - name.count) + DisplayText.oneLine(value) + "\n"
    }
    try StandardOutput.write(lines.joined())
  }

  static func json(_ status: VaultStatus) -> JSONObject {
    var object = JSONObject()
    object.set("path", status.path)
    object.set("store", status.storeID)
    object.set("format", status.format.rawValue)
    object.set("tokens", status.tokens)
    object.set("generation", status.generation)
    object.set("size", status.size)
    object.set("key_file", status.keyPath)
    object.set("key_id", status.keyID)
    object.set("protects_against", Protection.against)
    object.set("does_not_protect_against", Protection.notAgainst)
    return object
  }
}
