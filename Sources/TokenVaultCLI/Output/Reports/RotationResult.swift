import TokenVault

struct RotationResult: Report {
  let report: RotationReport
  let isDryRun: Bool

  var sentences: [String] {
    let (done, new) = isDryRun ? ("would rotate", "a new one") : ("rotated", "?")
    var lines = [
      "\(done) '\(report.path)': \(report.tokens) tokens, generation \(report.generation)",
      "data key   \(report.oldDataKeyID) -> \(report.newDataKeyID ?? new)",
    ]
    if let slot = report.slot {
      let place = report.keyPath.map { ", in '\($0)'" } ?? ""
      lines.append(
        "slot       \(slot): \(report.oldKeyID ?? "") -> \(report.newKeyID ?? new)\(place)")
    }
    for (name, slots) in [("kept", report.rewrapped), ("dropped", report.dropped)]
    where !slots.isEmpty {
      lines.append(DisplayText.padded(name, to: 11) + slots.joined(separator: ", "))
    }
    return lines
  }

  var json: any JSONValue {
    let object: JSONObject = [
      "path": report.path, "dry_run": isDryRun, "tokens": report.tokens,
      "generation": report.generation, "source": report.source,
      "old_data_key_id": report.oldDataKeyID, "new_data_key_id": report.newDataKeyID,
      "slot": report.slot, "old_key_id": report.oldKeyID, "new_key_id": report.newKeyID,
      "key_file": report.keyPath, "rewrapped": report.rewrapped, "dropped": report.dropped,
    ]
    // A new recovery code was printed before the rotation, and with it the beginning of this object.
    let isBegun = report.kind == .recovery && report.slot != nil && !isDryRun
    return isBegun ? RecoveryCodeReport.Rest(object: object) : object
  }
}
