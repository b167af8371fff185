internal import VaultCrypto

/// The lines before records, up to an empty one: in each a name, one blank, and a value.
enum Preamble {
  /// More than all lines before the records can have.
  private static let sizeLimit = 256

  /// The lines at the start of a text, and where the records begin behind them.
  static func lines(
    of text: Span<UInt8>
  ) throws(SnapshotFault) -> (lines: [Substring], end: Int) {
    let start = text.extracting(0..<min(text.count, sizeLimit)).array
    guard
      let end = start.indices.dropLast().first(where: { start[$0...].starts(with: "\n\n".utf8) })
    else { throw .preamble }
    let lines = String(decoding: start[..<end], as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    return (lines, end + 2)
  }

  /// What follows a line's name and one blank.
  static func value(of name: String, _ line: Substring) throws(SnapshotFault) -> String {
    guard line.utf8.starts(with: "\(name) ".utf8) else { throw .preamble }
    return String(decoding: line.utf8.dropFirst(name.utf8.count + 1), as: UTF8.self)
  }

  /// A number in decimal digits, as it is written.
  static func number(_ text: String, _ range: ClosedRange<Int>) -> Int? {
    Int(text).flatMap { String($0) == text && range.contains($0) ? $0 : nil }
  }
}
