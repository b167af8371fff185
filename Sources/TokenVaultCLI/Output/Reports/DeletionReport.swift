import TokenVault

/// The records that a command has deleted.
struct DeletionReport: Report {
  let records: [OAuthToken]

  var notes: [String] { ["deleted \(records.count) token\(records.count == 1 ? "" : "s")"] }

  var json: any JSONValue { ["deleted": records.map(Self.member)] as JSONObject }

  /// A member of `deleted`, as `purge` has it too.
  private static func member(_ record: OAuthToken) -> JSONObject {
    ["id": record.id, "user_name": record.userName]
  }
}
