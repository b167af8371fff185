/// What clients of databases write, without quotes, for an absent value: `NULL`, or `\N` as MySQL's do.
enum DatabaseNull {
  static func matches(_ text: Span<UInt8>) -> Bool {
    switch text.count {
    case 2: text[0] == UInt8(ascii: "\\") && text[1] == UInt8(ascii: "N")
    case 4: text.has("NULL".utf8.span, at: 0)
    default: false
    }
  }
}
