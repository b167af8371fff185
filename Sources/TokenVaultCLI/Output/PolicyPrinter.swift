import TokenVault

/// Prints the limits of a vault.
struct PolicyPrinter {
  let policy: RetentionPolicy

  private var limits: [(name: String, seconds: Int64?)] {
    RetentionPolicy.Limit.allCases.map { ($0.rawValue, policy[$0]) }
  }

  private func text(_ seconds: Int64?) -> String {
    seconds.map { TimeSpan(seconds: $0).defaultValueDescription } ?? "none"
  }

  /// A line for each limit, as `policy set` would take it.
  var lines: String {
    limits.map { name, seconds in
      name + String(repeating: " ", count: 9 - name.count) + text(seconds) + "\n"
    }.joined()
  }

  /// Those that there are.
  var sentence: String {
    if policy.isEndless { return "none" }
    return limits.filter { $0.seconds != nil }.map { "\($0.name) \(text($0.seconds))" }
      .joined(separator: ", ")
  }

  /// The limits in seconds; null for none.
  var object: JSONObject {
    var object = JSONObject()
    for (name, seconds) in limits {
      object.set(
        "\(name.replacing("-", with: "_"))_seconds", json: seconds.map(String.init) ?? "null")
    }
    return object
  }
}
