internal import VaultCrypto

/// Decodes the records that a vault stores from pieces of their text, so that it is never in memory as a whole.
package struct StoredRecordReader {
  private let format: RecordFormat
  /// The header row of CSV, and what is not yet decoded.
  private var pending: [UInt8] = []
  /// Bytes of the header row; nil until it is there. JSON has none.
  private var headerSize: Int?
  /// Lines that were decoded, the header row not counted.
  private var lines = 0
  private var tokens = CopyOnWriteBlocks<OAuthToken>()

  /// So much is decoded at once: 256 KiB.
  private static let pieceSize = 262_144

  package init(_ format: RecordFormat) {
    self.format = format
    headerSize = format == .json ? 0 : nil
    pending.reserveCapacity(2 * Self.pieceSize)
  }

  /// Takes in the next piece of the text.
  package mutating func add(_ text: Span<UInt8>) throws(RecordError) {
    if pending.count + text.count > pending.capacity { grow(by: text.count) }
    pending.append(contentsOf: text)
    if pending.count >= Self.pieceSize, let end = lastRowEnd() { try decode(to: end) }
  }

  /// The records, when all of the text was taken in.
  package mutating func finish() throws(RecordError) -> CopyOnWriteBlocks<OAuthToken> {
    defer { cleanse() }
    try decode(to: pending.count)
    return tokens
  }

  /// Overwrites what is left of the text.
  package mutating func cleanse() { pending.cleanse() }

  /// By hand, so that no copy is left behind in freed memory.
  private mutating func grow(by count: Int) {
    var larger: [UInt8] = []
    larger.reserveCapacity(2 * (pending.count + count))
    larger += pending
    pending.cleanse()
    pending = larger
  }

  /// Where the last row ends that is there as a whole; nil where none is but the header row.
  private mutating func lastRowEnd() -> Int? {
    if headerSize == nil { headerSize = firstRowEnd() }
    guard let start = headerSize else { return nil }
    let text = pending.span
    var end = text.count
    var isOutside = format == .json || Self.hasEvenQuotes(text.extracting(start..<end))
    while end > start {
      let byte = text[end - 1]
      if byte == 0x0A, isOutside { return end }
      // In JSON, no line end is in a string.
      if byte == UInt8(ascii: "\""), format == .csv { isOutside.toggle() }
      end -= 1
    }
    return nil
  }

  private func firstRowEnd() -> Int? {
    let text = pending.span
    var isOutside = true
    for place in text.indices {
      if text[place] == 0x0A, isOutside { return place + 1 }
      if text[place] == UInt8(ascii: "\"") { isOutside.toggle() }
    }
    return nil
  }

  private static func hasEvenQuotes(_ text: Span<UInt8>) -> Bool {
    ByteScan.count("\"", text).isMultiple(of: 2)
  }

  private mutating func decode(to end: Int) throws(RecordError) {
    let decoded: [OAuthToken]
    do { decoded = try format.decode(stored: pending.span.extracting(0..<end)) } catch {
      // Of the whole text, of which lines were decoded before these.
      throw RecordError(reason: error.reason, line: error.line + lines, column: error.column)
    }
    for token in decoded { tokens.append(token) }
    guard tokens.count <= RecordFormat.recordCountLimit else {
      let before = tokens.count - decoded.count
      let line = lines + RecordFormat.recordCountLimit - before + 1
      throw RecordError(reason: .tooManyRecords, line: line, column: 1)
    }
    lines += ByteScan.count("\n", pending.span.extracting((headerSize ?? 0)..<end))
    keepRest(from: end)
  }

  private mutating func keepRest(from end: Int) {
    let (start, rest) = (headerSize ?? 0, pending.count - end)
    for place in 0..<rest { pending[start + place] = pending[end + place] }
    for place in start + rest..<pending.count { pending[place] = 0 }
    pending.removeLast(pending.count - start - rest)
  }
}
