import ArgumentParser
import TokenVault

struct StatusCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Tell what the vault is and what it protects against.",
    discussion:
      "Warns where the data key is older than --max-key-age, else $TOKENVAULT_MAX_KEY_AGE.")

  @Option(help: ArgumentHelp("How old the data key may be (default: 90d).", valueName: "time"))
  var maxKeyAge: TimeSpan?

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let limit = try limit()
    let status = try options.session.openVault().status()
    let age = KeyAge(status, now: Clock.now)
    if let warning = age.warning(limit: limit) { options.session.note(warning) }
    if options.session.json {
      var object = Self.json(status)
      object.set("rotation_due", age.isDue(limit: limit))
      return try StandardOutput.write(object.text + "\n")
    }
    let protection = Protection(status)
    let slots = status.slots.map { "\($0.name) (\($0.kind.rawValue))" }.joined(separator: ", ")
    var rows: [(String, String)] = [
      ("vault", status.path), ("store", status.storeID), ("format", status.format.rawValue),
      ("tokens", String(status.tokens)), ("generation", String(status.generation)),
      ("size", "\(status.size) bytes"),
      ("opened by", status.keySource + (status.keyID.map { " (\($0))" } ?? "")),
      ("key slots", slots), ("data key", age.sentence.replacing("data key ", with: "")),
      ("limits", PolicyPrinter(policy: status.policy).sentence),
      ("protects", "against \(protection.against)"), ("not", "against \(protection.notAgainst)"),
    ]
    if !status.isRemembered { rows.append(("remembers", Self.nothingRemembered)) }
    if !status.damagedCopies.isEmpty {
      rows.append(("set aside", status.damagedCopies.joined(separator: ", ")))
    }
    if let shared = status.sharedDirectory { rows.append(("shared", shared)) }
    let lines = rows.map { name, value in
      name + String(repeating: " ", count: 12 - name.count) + DisplayText.oneLine(value) + "\n"
    }
    try StandardOutput.write(lines.joined())
  }

  private static let nothingRemembered =
    "nothing of this vault: no state directory can be written; TOKENVAULT_STATE_DIR names one"

  private func limit() throws(Failure) -> Int64 {
    if let maxKeyAge { return maxKeyAge.seconds }
    guard let text = Terminal.variable("TOKENVAULT_MAX_KEY_AGE") else {
      return KeyAge.standardLimit
    }
    guard let span = TimeSpan(argument: text) else {
      throw .usage("TOKENVAULT_MAX_KEY_AGE is no time like 90d")
    }
    return span.seconds
  }

  static func json(_ status: VaultStatus) -> JSONObject {
    let protection = Protection(status)
    var object = JSONObject()
    object.set("path", status.path)
    object.set("store", status.storeID)
    object.set("format", status.format.rawValue)
    object.set("tokens", status.tokens)
    object.set("generation", status.generation)
    object.set("size", status.size)
    object.set("opened_by", status.keySource)
    if let path = status.keyPath { object.set("key_file", path) }
    if let id = status.keyID { object.set("key_id", id) }
    object.set("policy", json: PolicyPrinter(policy: status.policy).object.text)
    object.set("damaged_copies", strings: status.damagedCopies)
    object.set("remembered", status.isRemembered)
    if let shared = status.sharedDirectory { object.set("shared_directory", shared) }
    object.set("slots", json: KeyListCommand.json(status.slots))
    KeyAge(status, now: Clock.now).add(to: &object)
    object.set("protects_against", protection.against)
    object.set("does_not_protect_against", protection.notAgainst)
    return object
  }
}
