/// Writes records as JSON, one object a line: known fields in their order, the revision, then unknown
/// fields in theirs. Every line ends with LF.
struct JSONRecordEncoder {
  private var output: [UInt8] = []

  static func encode(_ tokens: [OAuthToken]) -> [UInt8] {
    var encoder = JSONRecordEncoder()
    // Reserved whole, so that growing leaves no copies of secrets behind in freed memory.
    encoder.output.reserveCapacity(tokens.reduce(0) { $0 + sizeLimit(of: $1) })
    for token in tokens { encoder.append(token) }
    return encoder.output
  }

  /// As much as the record's line can take: every byte may need a six-byte escape only where it is a
  /// control character, so those are counted.
  private static func sizeLimit(of token: OAuthToken) -> Int {
    var size = 300
    for field in TokenField.allCases { size += token[field].map(escapedSize) ?? 0 }
    for attribute in token.attributes {
      size += 8 + escapedSize(attribute.name) + escapedSize(attribute.value.content.revealed)
    }
    return size
  }

  private static func escapedSize(_ text: String) -> Int {
    let bytes = text.utf8.span
    var size = bytes.count
    for index in bytes.indices where needsEscape(bytes[index]) { size += 5 }
    return size
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static let names = TokenField.allCases.map { Array("\"\($0.name)\":\"".utf8) }

  private mutating func append(_ token: OAuthToken) {
    output.append(UInt8(ascii: "{"))
    for field in TokenField.allCases {
      guard let text = token[field] else { continue }
      separate()
      output.append(contentsOf: Self.names[field.rawValue])
      appendEscaped(text)
      output.append(UInt8(ascii: "\""))
    }
    if token.revision > 0 {
      separate()
      output.append(contentsOf: "\"revision\":\(token.revision)".utf8)
    }
    for attribute in token.attributes { append(attribute) }
    output.append(contentsOf: "}\n".utf8)
  }

  private mutating func append(_ attribute: TokenAttributes.Element) {
    separate()
    appendString(attribute.name)
    output.append(UInt8(ascii: ":"))
    switch attribute.value {
    case .text(let text): appendString(text.revealed)
    case .json(let json): output.append(contentsOf: json.revealed.utf8)
    }
  }

  private mutating func separate() {
    if output.last != UInt8(ascii: "{") { output.append(UInt8(ascii: ",")) }
  }

  private mutating func appendString(_ text: String) {
    output.append(UInt8(ascii: "\""))
    appendEscaped(text)
    output.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ text: String) {
    let bytes = text.utf8.span
    for index in bytes.indices where Self.needsEscape(bytes[index]) {
      for index in bytes.indices { appendEscaped(bytes[index]) }
      return
    }
    output.append(contentsOf: text.utf8)
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    guard Self.needsEscape(byte) else { return output.append(byte) }
    output.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: output.append(UInt8(ascii: "b"))
    case 0x09: output.append(UInt8(ascii: "t"))
    case 0x0A: output.append(UInt8(ascii: "n"))
    case 0x0C: output.append(UInt8(ascii: "f"))
    case 0x0D: output.append(UInt8(ascii: "r"))
    case 0..<0x20:
      output.append(contentsOf: "u00".utf8)
      for digit in [byte >> 4, byte & 15] { output.append(digit < 10 ? 48 + digit : 87 + digit) }
    default: output.append(byte)
    }
  }
}
