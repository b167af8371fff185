/// Writes records as JSON, one object a line: known fields in their order, the revision, then unknown
/// fields in theirs. Every line ends with LF.
enum JSONRecordEncoder {
  /// The output is reserved whole, so that growing leaves no copies of secrets behind in freed memory.
  static func encode(_ tokens: [OAuthToken]) -> [UInt8] {
    let names = FieldNames.shared
    return [UInt8](capacity: tokens.reduce(0) { $0 + sizeLimit(of: $1) }) { output in
      for token in tokens { append(token, names, to: &output) }
    }
  }

  /// At least as much as the record's line takes.
  private static func sizeLimit(of token: OAuthToken) -> Int {
    var size = 300
    token.forEachField { size += escapedSize($1) }
    for attribute in token.attributes {
      size += 8 + escapedSize(attribute.name) + escapedSize(attribute.value.content.revealed)
    }
    return size
  }

  private static func escapedSize(_ text: borrowing String) -> Int {
    let bytes = text.utf8.span
    var size = bytes.count
    var index = ByteScan.jsonSpecial(bytes, from: 0)
    while index < bytes.count {
      size += 5
      index = ByteScan.jsonSpecial(bytes, from: index + 1)
    }
    return size
  }

  private static func append(
    _ token: OAuthToken, _ names: FieldNames, to output: inout OutputSpan<UInt8>
  ) {
    output.append(ascii: "{")
    var isFirst = true
    token.forEachField { index, text in
      names.append(index, isFirst: isFirst, to: &output)
      appendEscaped(text, to: &output)
      output.append(ascii: "\"")
      isFirst = false
    }
    if token.revision > 0 {
      output.append("\(isFirst ? "" : ",")\"revision\":\(token.revision)")
      isFirst = false
    }
    for attribute in token.attributes {
      if !isFirst { output.append(ascii: ",") }
      append(attribute, to: &output)
      isFirst = false
    }
    output.append("}\n")
  }

  private static func append(
    _ attribute: TokenAttributes.Element, to output: inout OutputSpan<UInt8>
  ) {
    appendString(attribute.name, to: &output)
    output.append(ascii: ":")
    switch attribute.value {
    case .text(let text): appendString(text.revealed, to: &output)
    case .json(let json): output.append(json.revealed)
    }
  }

  static func appendString(_ text: String, to output: inout OutputSpan<UInt8>) {
    output.append(ascii: "\"")
    appendEscaped(text, to: &output)
    output.append(ascii: "\"")
  }

  private static func appendEscaped(
    _ text: borrowing String, to output: inout OutputSpan<UInt8>
  ) {
    let bytes = text.utf8.span
    if ByteScan.jsonSpecial(bytes, from: 0) == bytes.count { return output.append(bytes) }
    for index in bytes.indices { appendEscaped(bytes[index], to: &output) }
  }

  private static func appendEscaped(_ byte: UInt8, to output: inout OutputSpan<UInt8>) {
    guard ByteScan.isJSONSpecial(byte) else { return output.append(byte) }
    output.append(ascii: "\\")
    switch byte {
    case 0x08: output.append(ascii: "b")
    case 0x09: output.append(ascii: "t")
    case 0x0A: output.append(ascii: "n")
    case 0x0C: output.append(ascii: "f")
    case 0x0D: output.append(ascii: "r")
    case 0..<0x20:
      output.append("u00")
      for digit in [byte >> 4, byte & 15] { output.append(digit < 10 ? 48 + digit : 87 + digit) }
    default: output.append(byte)
    }
  }
}

/// The fields' names as they stand before their values, in one array: `,"user_name":"`.
private struct FieldNames {
  static let shared = FieldNames()

  private var bytes: [UInt8] = []
  private var ends = [0]

  init() {
    for field in TokenField.allCases {
      bytes.append(contentsOf: ",\"\(field.name)\":\"".utf8)
      ends.append(bytes.count)
    }
  }

  /// Without its comma where it is the record's first.
  func append(_ index: Int, isFirst: Bool, to output: inout OutputSpan<UInt8>) {
    output.append(bytes.span.extracting(ends[index] + (isFirst ? 1 : 0)..<ends[index + 1]))
  }
}
