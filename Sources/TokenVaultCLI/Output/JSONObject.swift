/// A JSON object whose members keep their order; a member with an absent value is left out.
struct JSONObject: JSONValue, ExpressibleByDictionaryLiteral {
  private var members: [(name: String, value: any JSONValue)]

  init(dictionaryLiteral members: (String, any JSONValue)...) {
    self.members = members.map { (name: $0, value: $1) }
  }

  static func + (left: JSONObject, right: JSONObject) -> JSONObject {
    var sum = left
    sum.members += right.members
    return sum
  }

  var jsonText: String? { "{\(memberText)}" }

  /// The members without the braces, for an object that is printed in two parts.
  var memberText: String {
    members.compactMap { name, value in
      value.jsonText.map { "\(name.jsonText ?? ""):\($0)" }
    }.joined(separator: ",")
  }
}
