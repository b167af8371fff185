import TokenVault

struct PolicyReport: Report {
  let policy: RetentionPolicy

  private static func text(_ seconds: Int64?) -> String {
    seconds.map { RetentionPolicy.argument(seconds: $0) } ?? "none"
  }

  /// A line for each limit, as `policy set` takes it.
  var sentences: [String] {
    TextColumns.lines(
      RetentionPolicy.Limit.allCases.map { [$0.rawValue, Self.text(policy[$0])] })
  }

  /// The limits that are set, in one sentence.
  var summary: String {
    let limits = RetentionPolicy.Limit.allCases.filter { policy[$0] != nil }
    if limits.isEmpty { return "none" }
    return limits.map { "\($0.rawValue) \(Self.text(policy[$0]))" }.joined(separator: ", ")
  }

  /// The limits in seconds; null for none.
  var json: any JSONValue { object }

  var object: JSONObject {
    RetentionPolicy.Limit.allCases.reduce(into: [:]) { object, limit in
      let value: any JSONValue = policy[limit].map { $0 as any JSONValue } ?? JSONNull()
      object = object + [limit.rawValue.replacing("-", with: "_") + "_seconds": value]
    }
  }
}
