/// Encodes records as JSON, an object a line that ends with LF: known fields, revision, history, then unknown fields.
package struct JSONRecordEncoder {
  private var budget: EscapeBudget

  /// Encodes records; sets `rowStarts` to the offset at which each begins.
  static func encode(
    _ tokens: ArraySlice<OAuthToken>, startingAt rowStarts: inout [Int]
  ) -> [UInt8] {
    EscapeBudget.text(
      plainSize: tokens.reduce(0) { $0 + plainSize(of: $1) },
      escapes: { tokens.reduce(0) { $0 + escapes(in: $1) } },
      write: { budget, output in
        var encoder = JSONRecordEncoder(budget: budget)
        rowStarts.removeAll(keepingCapacity: true)
        for token in tokens {
          rowStarts.append(output.count)
          encoder.append(token, to: &output)
        }
        budget = encoder.budget
      })
  }

  /// An upper bound for the bytes of a record's line without escapes.
  private static func plainSize(of token: OAuthToken) -> Int {
    var size = 500 + token.fieldSize
    for attribute in token.attributes {
      size += 8 + attribute.name.utf8.count + attribute.value.content.revealed.utf8.count
    }
    return size
  }

  /// An upper bound for the bytes that escapes add to a record's line.
  private static func escapes(in token: OAuthToken) -> Int {
    var size = 0
    token.forEachField { size += escapes(in: $1) }
    for attribute in token.attributes {
      size += escapes(in: attribute.name.utf8.span)
      size += escapes(in: attribute.value.content.revealed.utf8.span)
    }
    return size
  }

  private static func escapes(in bytes: Span<UInt8>) -> Int {
    var size = 0
    var index = ByteScan.jsonRun(bytes, from: 0).end
    while index < bytes.count {
      size += 5
      index = ByteScan.jsonRun(bytes, from: index + 1).end
    }
    return size
  }

  private mutating func append(_ token: OAuthToken, to output: inout OutputSpan<UInt8>) {
    output.append(ascii: "{")
    var isFirst = true
    token.forEachField { index, text in
      FieldNames.shared.append(index, isFirst: isFirst, to: &output)
      appendEscaped(text, to: &output)
      output.append(ascii: "\"")
      isFirst = false
    }
    if token.revision > 0 {
      output.append("\(isFirst ? "" : ",")\"revision\":\(token.revision)")
      isFirst = false
    }
    appendHistory(token.history, &isFirst, to: &output)
    for attribute in token.attributes {
      if !isFirst { output.append(ascii: ",") }
      append(attribute, to: &output)
      isFirst = false
    }
    output.append("}\n")
  }

  private mutating func appendHistory(
    _ history: RecordHistory, _ isFirst: inout Bool, to output: inout OutputSpan<UInt8>
  ) {
    let names = FieldNames.shared
    let times = [
      (HistoryField.firstSavedAt, history.firstSavedAt), (.lastUsedAt, history.lastUsedAt),
    ]
    for (field, time) in times {
      guard let time else { continue }
      names.append(field, isFirst: isFirst, to: &output)
      time.append(to: &output)
      output.append(ascii: "\"")
      isFirst = false
    }
    guard let state = history.refresh else { return }
    names.append(.refreshState, isFirst: isFirst, to: &output)
    appendEscaped(state.text.utf8.span, to: &output)
    output.append(ascii: "\"")
    isFirst = false
  }

  private mutating func append(
    _ attribute: TokenAttributes.Element, to output: inout OutputSpan<UInt8>
  ) {
    appendString(attribute.name, to: &output)
    output.append(ascii: ":")
    switch attribute.value {
    case .text(let text): appendString(text.revealed, to: &output)
    case .json(let json): output.append(json.revealed)
    }
  }

  private mutating func appendString(_ text: String, to output: inout OutputSpan<UInt8>) {
    output.append(ascii: "\"")
    appendEscaped(text.utf8.span, to: &output)
    output.append(ascii: "\"")
  }

  private mutating func appendEscaped(_ bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
    if ByteScan.jsonRun(bytes, from: 0).end == bytes.count { return output.append(bytes) }
    guard budget.spend(Self.escapes(in: bytes)) else { return }
    for index in bytes.indices { Self.appendEscaped(bytes[index], to: &output) }
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

  /// A string with its quotes and escapes.
  package static func string(_ text: String) -> String {
    let bytes = EscapeBudget.text(
      plainSize: text.utf8.count + 2, escapes: { escapes(in: text.utf8.span) },
      write: { budget, output in
        var encoder = JSONRecordEncoder(budget: budget)
        encoder.appendString(text, to: &output)
        budget = encoder.budget
      })
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The fields' names as written before their values, in one array: `,"user_name":"`.
private struct FieldNames {
  static let shared = FieldNames()

  private var bytes: [UInt8] = []
  private var ends = [0]

  init() {
    for name in TokenField.allCases.map(\.name) + HistoryField.allCases.map(\.name) {
      bytes.append(contentsOf: ",\"\(name)\":\"".utf8)
      ends.append(bytes.count)
    }
  }

  func append(_ field: HistoryField, isFirst: Bool, to output: inout OutputSpan<UInt8>) {
    append(TokenField.allCases.count + field.rawValue, isFirst: isFirst, to: &output)
  }

  /// Appends a name, without its comma if it is the record's first.
  func append(_ index: Int, isFirst: Bool, to output: inout OutputSpan<UInt8>) {
    output.append(bytes.span.extracting(ends[index] + (isFirst ? 1 : 0)..<ends[index + 1]))
  }
}
