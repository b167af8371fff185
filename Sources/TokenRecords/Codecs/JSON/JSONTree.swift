/// A JSON value of any shape, for the files of other programs. Each text in it may be a secret.
package indirect enum JSONTree: Sendable {
  /// The members in their order; no name stands twice.
  case object([(name: String, value: JSONTree)])
  case array([JSONTree])
  case text(Secret)
  /// A number, `true`, `false` or `null`, as it stands there.
  case literal(String)

  /// Reads one value and nothing after it.
  ///
  /// - Throws: ``RecordError`` if the text is not one JSON value.
  package init(_ text: Span<UInt8>) throws(RecordError) {
    self = try RecordError.locating(in: text, Self.whole(text))
  }

  private static func whole(_ text: Span<UInt8>) throws(RecordFault) -> JSONTree {
    var scanner = JSONScanner(at: ByteOrderMark.size(in: text))
    let value = try value(text, &scanner, depth: 0)
    try scanner.requireEnd(text, expecting: "nothing after the value")
    return value
  }

  private static func value(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner, depth: Int
  ) throws(RecordFault) -> JSONTree {
    let first = try scanner.peek(text)
    guard depth <= JSONScanner.depthLimit else {
      throw RecordFault(.nestedTooDeep, at: scanner.offset)
    }
    switch first {
    case UInt8(ascii: "{"): return try object(text, &scanner, depth: depth)
    case UInt8(ascii: "["): return try array(text, &scanner, depth: depth)
    case UInt8(ascii: "\""): return .text(Secret(try scanner.string(text)))
    default: return .literal(try JSONValueCopier.copy(text, &scanner))
    }
  }

  private static func array(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner, depth: Int
  ) throws(RecordFault) -> JSONTree {
    var values: [JSONTree] = []
    try scanner.require("[", text)
    if try scanner.consume("]", text) { return .array(values) }
    repeat {
      values.append(try value(text, &scanner, depth: depth + 1))
    } while try scanner.consume(",", text)
    try scanner.require("]", text)
    return .array(values)
  }

  private static func object(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner, depth: Int
  ) throws(RecordFault) -> JSONTree {
    var members: [(name: String, value: JSONTree)] = []
    var names: Set<ExactText> = []
    try scanner.require("{", text)
    if try scanner.consume("}", text) { return .object(members) }
    repeat {
      scanner.skipWhiteSpace(text)
      let start = scanner.offset
      let name = try scanner.string(text)
      guard names.insert(ExactText(name)).inserted else {
        throw RecordFault(.duplicateName(nil), at: start)
      }
      try scanner.require(":", text)
      members.append((name, try value(text, &scanner, depth: depth + 1)))
    } while try scanner.consume(",", text)
    try scanner.require("}", text)
    return .object(members)
  }
}

extension JSONTree {
  /// The members of an object; none of another value.
  package var members: [(name: String, value: JSONTree)] {
    if case .object(let members) = self { members } else { [] }
  }

  /// The values of an array; none of another value.
  package var elements: [JSONTree] {
    if case .array(let elements) = self { elements } else { [] }
  }

  /// The member of this name, if this is an object that has it.
  package subscript(name: String) -> JSONTree? {
    members.first { ExactText($0.name) == ExactText(name) }?.value
  }

  /// Whether this is an object with a member of this name.
  package func has(_ name: String) -> Bool { self[name] != nil }

  /// A text that is not empty, or a number as it stands there; nil for another value.
  package var text: String? {
    switch self {
    case .text(let text) where !text.revealed.isEmpty: text.revealed
    case .literal(let literal) where !["null", "true", "false"].contains(literal): literal
    default: nil
    }
  }

  /// The text of a member: see ``text``.
  package func text(_ name: String) -> String? { self[name]?.text }

  /// The texts of an array, separated by blanks, or a text; nil if there is none.
  package func words(_ name: String) -> String? {
    guard case .array(let elements)? = self[name] else { return text(name) }
    let words = elements.compactMap(\.text)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}
