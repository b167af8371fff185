import ArgumentParser
import TokenVault

struct KeyListCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the ways to open the vault.", aliases: ["ls"])

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let status = try options.session.openVault().status()
    let age = KeyAge(status, now: Clock.now)
    if options.session.json {
      var object = JSONObject()
      object.set("slots", json: Self.json(status.slots))
      age.add(to: &object)
      return try StandardOutput.write(object.text + "\n")
    }
    let titles = ["SLOT", "KIND", "ADDED", "ROTATED", "KEY"]
    let rows = [titles] + status.slots.map(Self.row)
    let widths = titles.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: "  ").trimmedEnd + "\n"
    }
    try StandardOutput.write(lines.joined() + "\(age.sentence)\n")
  }

  private static func row(_ slot: KeySlotStatus) -> [String] {
    [
      slot.name, slot.kind.rawValue, day(slot.added), slot.rotated.map(day) ?? "-",
      slot.keyID + (slot.isInUse ? " (in use)" : "") + (slot.isAccepted ? "" : " (not accepted)"),
    ]
  }

  private static func day(_ moment: Timestamp) -> String { String(moment.description.prefix(10)) }

  static func json(_ slots: [KeySlotStatus]) -> String {
    let objects = slots.map { slot in
      var object = JSONObject()
      object.set("name", slot.name)
      object.set("kind", slot.kind.rawValue)
      object.set("added", slot.added.description)
      if let rotated = slot.rotated { object.set("rotated", rotated.description) }
      object.set("key_id", slot.keyID)
      object.set("in_use", slot.isInUse)
      object.set("accepted", slot.isAccepted)
      return object.text
    }
    return "[\(objects.joined(separator: ","))]"
  }
}

extension String {
  /// Without the blanks at its end.
  var trimmedEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
