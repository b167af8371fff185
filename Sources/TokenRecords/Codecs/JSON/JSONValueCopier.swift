internal import VaultCrypto

/// Checks any JSON value and copies it without the white space between its elements, so that it fits in a line.
struct JSONValueCopier {
  private var output: [UInt8] = []

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
    case UInt8(ascii: "{"): return try object(text, &scanner, depth: depth)
    case UInt8(ascii: "["): return try array(text, &scanner, depth: depth)
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

  private mutating func array(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner, depth: Int
  ) throws(RecordFault) {
    try scanner.require("[", text)
    append("[")
    if try !scanner.consume("]", text) {
      try value(text, &scanner, depth: depth + 1)
      while try scanner.consume(",", text) {
        append(",")
        try checkSize(scanner)
        try value(text, &scanner, depth: depth + 1)
      }
      try scanner.require("]", text)
    }
    append("]")
  }

  private mutating func object(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner, depth: Int
  ) throws(RecordFault) {
    try scanner.require("{", text)
    append("{")
    var names: Set<ExactText> = []
    if try !scanner.consume("}", text) {
      try member(text, &scanner, &names, depth: depth)
      while try scanner.consume(",", text) {
        append(",")
        try checkSize(scanner)
        try member(text, &scanner, &names, depth: depth)
      }
      try scanner.require("}", text)
    }
    append("}")
  }

  private mutating func member(
    _ text: Span<UInt8>, _ scanner: inout JSONScanner, _ names: inout Set<ExactText>, depth: Int
  ) throws(RecordFault) {
    scanner.skipWhiteSpace(text)
    let start = scanner.offset
    let name = try scanner.string(text)
    guard names.insert(ExactText(name)).inserted else {
      throw RecordFault(.duplicateName(nil), at: start)
    }
    append(text, start..<scanner.offset)
    try scanner.require(":", text)
    append(":")
    try value(text, &scanner, depth: depth + 1)
  }
}
