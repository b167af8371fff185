import TokenVault

/// A JSON object for results that are no records.
struct JSONObject {
  private var members: [String] = []

  mutating func set(_ name: String, _ value: String) { add(name, JSONText.string(value)) }
  mutating func set(_ name: String, _ value: some BinaryInteger) { add(name, String(value)) }
  mutating func set(_ name: String, _ value: Bool) { add(name, String(value)) }

  mutating func set(_ name: String, strings: [String]) {
    add(name, "[\(strings.map(JSONText.string).joined(separator: ","))]")
  }

  /// What is JSON already.
  mutating func set(_ name: String, json: String) { add(name, json) }

  private mutating func add(_ name: String, _ json: String) {
    members.append("\(JSONText.string(name)):\(json)")
  }

  /// The object in one line, without its end.
  var text: String { DisplayText.json("{\(members.joined(separator: ","))}") }
}
