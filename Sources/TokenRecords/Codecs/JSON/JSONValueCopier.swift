internal import VaultCrypto

/// Checks any JSON value and copies it without the white space between its elements, so that it fits in a line.
struct JSONValueCopier {
  private var output: [UInt8] = []

  /// The value of an unknown field: a string is text, in JSON as in a CSV column for JSON.
  static func attribute(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner
  ) throws(RecordFault) -> AttributeValue {
    try scanner.peek(text) == UInt8(ascii: "\"")
      ? .text(Secret(try scanner.string(text)))
      : .json(Secret(try copy(text, &scanner)))
  }

  /// The value at the scanner's offset, as JSON text.
  static func copy(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner
  ) throws(RecordFault) -> String {
    var copier = JSONValueCopier()
    defer { copier.output.cleanse() }
    let start = scanner.offset
    try copier.value(text, &scanner, depth: 0)
    return try String(utf8: copier.output.span, 0..<copier.output.count, faultAt: start)
  }

  private mutating func value(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner, depth: Int
  ) throws(RecordFault) {
    let first = try scanner.peek(text)
    let start = scanner.offset
    guard depth <= JSONScanner.depthLimit else { throw RecordFault(.nestedTooDeep, at: start) }
    switch first {
    case UInt8(ascii: "{"): return try container(text, &scanner, "{", "}", depth: depth)
    case UInt8(ascii: "["): return try container(text, &scanner, "[", "]", depth: depth)
    case UInt8(ascii: "\""): _ = try scanner.string(text)
    case UInt8(ascii: "t"): try scanner.literal("true", text)
    case UInt8(ascii: "f"): try scanner.literal("false", text)
    case UInt8(ascii: "n"): try scanner.literal("null", text)
    case UInt8(ascii: "-"), 48...57: _ = try scanner.number(text)
    default: throw RecordFault(.expected("a JSON value"), at: start)
    }
    append(text, start..<scanner.offset)
    try checkSize(scanner)
  }

  private mutating func append(_ text: Span<UInt8>, _ range: Range<Int>) {
    output.makeRoom(for: range.count)
    output.append(contentsOf: text.extracting(range))
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    output.makeRoom(for: 1)
    output.append(UInt8(ascii: scalar))
  }

  /// Checked between the elements of a value too, because empty elements add up.
  private func checkSize(_ scanner: JSONScanner) throws(RecordFault) {
    if output.count > RecordFormat.recordSizeLimit {
      throw RecordFault(.recordTooLong, at: scanner.offset)
    }
  }

  private mutating func container(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner, _ opening: Unicode.Scalar,
    _ closing: Unicode.Scalar, depth: Int
  ) throws(RecordFault) {
    try scanner.require(opening, text)
    append(opening)
    var names: Set<ExactText> = []
    if try !scanner.consume(closing, text) {
      while true {
        if opening == "{" { try name(text, &scanner, &names) }
        try value(text, &scanner, depth: depth + 1)
        guard try scanner.consume(",", text) else { break }
        append(",")
        try checkSize(scanner)
      }
      try scanner.require(closing, text)
    }
    append(closing)
  }

  private mutating func name(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner, _ names: inout Set<ExactText>
  ) throws(RecordFault) {
    scanner.skipWhiteSpace(text)
    let start = scanner.offset
    guard names.insert(ExactText(try scanner.string(text))).inserted else {
      throw RecordFault(.duplicateName(nil), at: start)
    }
    append(text, start..<scanner.offset)
    try scanner.require(":", text)
    append(":")
  }
}
