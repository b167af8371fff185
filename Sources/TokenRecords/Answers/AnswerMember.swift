/// A member of a record from outside whose meaning depends on the others.
struct AnswerMember {
  let name: String
  let role: AnswerRole
  let value: AttributeValue

  /// The text of a string or of a whole number; nil for nothing, and for any other value.
  var text: String? {
    switch value {
    case .text(let text): text.revealed.isEmpty ? nil : text.revealed
    case .json(let json): Self.isWhole(json.revealed) ? json.revealed : nil
    }
  }

  /// The text of a string or of any number.
  var scalar: String? {
    guard case .json(let json) = value else { return text }
    return AnswerNumber(json.revealed.utf8.span) == nil ? nil : json.revealed
  }

  /// Whether its name is one of a record's own, which no unknown field can have.
  var isOfARecord: Bool {
    switch role {
    case .end, .lifetime: Self.ownNames.contains(name)
    default: false
    }
  }

  private static let ownNames: Set = ["expires_at", "expires_in", "expires_in_sec", "expiry_time"]

  /// Whether it is the text of `expires_at`.
  var isExpiresAt: Bool {
    if case .text = value { name == TokenField.expiresAt.name } else { false }
  }

  /// Whether its name is that of a moment.
  var isEnd: Bool {
    if case .end = role { true } else { false }
  }

  /// Whether the value says nothing.
  var isAbsent: Bool { value == .json("null") || value.isEmpty }

  /// Whether it is `true` or `false`: `expired` may be a name of an end, but not of that.
  var isFlag: Bool { value == .json("true") || value == .json("false") }

  private static func isWhole(_ json: String) -> Bool {
    let digits = json.utf8.first == UInt8(ascii: "-") ? json.utf8.dropFirst() : json.utf8[...]
    return !digits.isEmpty && digits.allSatisfy { (48...57).contains($0) }
  }
}
