/// The members of one JSON object of unknown shape: strings as text, other values as their JSON.
package struct JSONMembers {
  private var values: [ExactText: AttributeValue] = [:]

  /// Reads an object and nothing after it; the first member of a name counts.
  ///
  /// - Throws: ``RecordError`` if the text is not one object.
  package init(_ text: Span<UInt8>) throws(RecordError) {
    try RecordError.locating(in: text, read(text))
  }

  private mutating func read(_ text: Span<UInt8>) throws(RecordFault) {
    var scanner = JSONScanner(at: ByteOrderMark.size(in: text))
    guard try scanner.consume("{", text) else {
      throw RecordFault(.expected("a JSON object"), at: scanner.offset)
    }
    if try !scanner.consume("}", text) {
      repeat { try member(text, &scanner) } while try scanner.consume(",", text)
      try scanner.require("}", text)
    }
    try scanner.requireEnd(text, expecting: "nothing after the object")
  }

  private mutating func member(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner
  ) throws(RecordFault) {
    let name = ExactText(try scanner.string(text))
    try scanner.require(":", text)
    let value = try JSONValueCopier.attribute(text, &scanner)
    if values[name] == nil { values[name] = value }
  }

  /// The text of a member that is a string and not empty.
  package func text(_ name: String) -> String? {
    guard case .text(let text) = values[ExactText(name)], !text.revealed.isEmpty else { return nil }
    return text.revealed
  }

  /// Whether a member of this name exists and is not null.
  package func has(_ name: String) -> Bool {
    values[ExactText(name)].map { $0 != .json("null") } ?? false
  }

  /// A whole number, also one written as a string, with an exponent, or with a fraction, which is truncated.
  package func wholeNumber(_ name: String) -> Int64? {
    guard let text = values[ExactText(name)]?.content.revealed else { return nil }
    if let number = Int64(text) { return number }
    let isNumber = text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
    guard isNumber, let number = Double(text), number.isFinite else { return nil }
    return Int64(min(max(number, -1e18), 1e18))
  }
}
