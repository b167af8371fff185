/// Decodes the answer of a token endpoint in `application/x-www-form-urlencoded`, as GitHub's sends it.
struct FormRecordDecoder: OutsideDecoder {
  private typealias Pair = (name: String, value: String, offset: Int)

  /// The names of which an answer has one.
  private static let names: Set = ["access_token", "refresh_token", "error"]

  /// Whether a text is one line of pairs, some of them an answer's.
  static func matches(_ text: Span<UInt8>) -> Bool {
    guard let pairs = pairs(of: text) else { return false }
    return pairs.contains { names.contains($0.name) }
  }

  let offset: Int
  let result: ReadRecords

  mutating func readNext(_ text: Span<UInt8>) -> Bool { false }

  /// Reads the answer; an empty value says nothing.
  init(_ text: Span<UInt8>, _ rules: ReadingRules) throws(RecordFault) {
    guard let pairs = Self.pairs(of: text) else { throw RecordFault(.expected("a form"), at: 0) }
    var reading = RecordReading(rules)
    var builder = RecordBuilder(rules)
    for pair in pairs where !pair.value.isEmpty {
      let name = RecordName(pair.name)
      guard try builder.accept(name, at: pair.offset) else { continue }
      let value = AttributeValue.text(Secret(pair.value))
      switch name {
      case .field(let field): builder.set(field, pair.value.utf8.span, at: nil)
      case .attribute(let name): reading.add(name, value, to: &builder)
      case .expiresIn, .expiresInSeconds, .zohoExpiry: reading.addKnown(name, value, to: &builder)
      case .revision, .history: break
      }
    }
    reading.keep(try reading.finish(&builder, from: text, at: 0))
    (offset, result) = (text.count, reading.result)
  }

  /// The decoded pairs; nil if the text is no form.
  private static func pairs(of text: Span<UInt8>) -> [Pair]? {
    var end = text.count
    while end > 0, text[end - 1] == 0x0A || text[end - 1] == 0x0D { end -= 1 }
    guard end > 0, end <= RecordFormat.recordSizeLimit else { return nil }
    var pairs: [Pair] = []
    var start = 0
    for place in 0...end where place == end || text[place] == UInt8(ascii: "&") {
      guard let pair = pair(text.extracting(start..<place), at: start) else { return nil }
      pairs.append(pair)
      start = place + 1
    }
    return pairs
  }

  private static func pair(_ text: Span<UInt8>, at offset: Int) -> Pair? {
    guard !text.indices.contains(where: { text[$0] <= 0x20 || text[$0] >= 0x7F }) else {
      return nil
    }
    guard let equal = text.indices.first(where: { text[$0] == UInt8(ascii: "=") }), equal > 0,
      let name = FormText.decoded(text.extracting(0..<equal)),
      let value = FormText.decoded(text.extracting(equal + 1..<text.count))
    else { return nil }
    return (name, value, offset)
  }
}
