import TokenVault

extension PurgeReport: Report {
  var sentences: [String] {
    deleted.map { "\($0.id)  \($0.userName ?? "-")  \($0.limit.rawValue): \($0.cause)" }
  }

  var notes: [String] {
    let result = "\(isDryRun ? "would delete" : "deleted") \(Self.text(deleted.count, "token"))"
    if sparedRenewable == 0 { return [result] }
    let spared = Self.text(sparedRenewable, "expired token")
    return [result, "kept \(spared) that a refresh token can still renew"]
  }

  private static func text(_ count: Int, _ name: String) -> String {
    "\(count) \(name)\(count == 1 ? "" : "s")"
  }

  var json: any JSONValue {
    let deleted = deleted.map { record in
      [
        "id": record.id, "user_name": record.userName, "limit": record.limit.rawValue,
        "since": record.since.description,
      ] as JSONObject
    }
    return ["deleted": deleted, "spared_renewable": sparedRenewable, "dry_run": isDryRun]
      as JSONObject
  }
}
