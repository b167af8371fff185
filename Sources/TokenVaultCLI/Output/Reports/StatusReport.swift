import TokenVault

struct StatusReport: Report {
  let status: VaultStatus
  let age: KeyAge
  /// The age at which the data key is due, in seconds.
  let ageLimit: Int64

  private static let nothingRemembered =
    "nothing of this vault: no state directory can be written; TOKENVAULT_STATE_DIR names one"

  var sentences: [String] {
    let protection = Protection(status)
    var rows = [
      ["vault", status.path], ["store", status.storeID], ["format", status.format.rawValue],
      ["tokens", String(status.tokens)], ["generation", String(status.generation)],
      ["size", "\(status.size) bytes"],
      ["opened by", status.keySource + (status.keyID.map { " (\($0))" } ?? "")],
      [
        "key slots",
        status.slots.map { "\($0.name) (\($0.kind.rawValue))" }.joined(separator: ", "),
      ],
      ["data key", age.text], ["limits", PolicyReport(policy: status.policy).summary],
      ["protects", "against \(protection.against)"], ["not", "against \(protection.notAgainst)"],
    ]
    if !status.isRemembered { rows.append(["remembers", Self.nothingRemembered]) }
    if !status.damagedCopies.isEmpty {
      rows.append(["set aside", status.damagedCopies.joined(separator: ", ")])
    }
    if let shared = status.sharedDirectory { rows.append(["shared", shared]) }
    return TextColumns.lines(rows)
  }

  var json: any JSONValue { status.json + ["rotation_due": age.isDue(limit: ageLimit)] }
}
