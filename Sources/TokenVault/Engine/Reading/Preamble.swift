internal import VaultCrypto

/// The lines before the records, up to an empty one; each is a name, one blank, and a value.
enum Preamble {
  /// More bytes than a preamble can have.
  private static let sizeLimit = 256
  private static let end = Array("\n\n".utf8)

  /// The lines, and the offset of the records behind them.
  static func lines(
    of text: Span<UInt8>
  ) throws(SnapshotFault) -> (lines: [Substring], end: Int) {
    // Without a copy of what is behind the lines, which has tokens in it.
    let start = text.extracting(0..<min(text.count, sizeLimit))
    guard let end = start.place(of: Self.end.span, from: 0) else { throw .preamble }
    let lines = String(decoding: text.extracting(0..<end).array, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    return (lines, end + Self.end.count)
  }

  /// The value of a line that must have this name.
  static func value(of name: String, _ line: Substring) throws(SnapshotFault) -> String {
    guard line.utf8.starts(with: "\(name) ".utf8) else { throw .preamble }
    return String(decoding: line.utf8.dropFirst(name.utf8.count + 1), as: UTF8.self)
  }

  /// A canonical decimal number.
  static func number(_ text: String, _ range: ClosedRange<Int>) -> Int? {
    Int(text).flatMap { String($0) == text && range.contains($0) ? $0 : nil }
  }
}
