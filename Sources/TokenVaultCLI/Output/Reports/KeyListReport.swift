import TokenVault

/// The key slots of a vault, and the age of its data key.
struct KeyListReport: Report {
  let status: VaultStatus

  var sentences: [String] {
    TextColumns.lines([["SLOT", "KIND", "ADDED", "ROTATED", "KEY"]] + status.slots.map(Self.row))
      + ["data key \(KeyAge(status).text)"]
  }

  private static func row(_ slot: KeySlotStatus) -> [String] {
    [
      slot.name, slot.kind.rawValue, day(slot.added), slot.rotated.map(day) ?? "-",
      slot.keyID + (slot.isInUse ? " (in use)" : "") + (slot.isAccepted ? "" : " (not accepted)"),
    ]
  }

  private static func day(_ moment: Timestamp) -> String { String(moment.description.prefix(10)) }

  var json: any JSONValue {
    (["slots": status.slots.map(\.json)] as JSONObject) + KeyAge(status).json
  }
}
