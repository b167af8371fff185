internal import VaultCrypto

/// Decodes stored records from pieces of their text, so that the whole text is never in memory.
package struct StoredRecordReader {
  private let format: RecordFormat
  /// The header row of CSV, and the bytes that are not yet decoded.
  private var pending: [UInt8] = []
  /// The size of the header row; nil until it is complete, 0 in JSON.
  private var headerSize: Int?
  /// The number of decoded lines, without the header row.
  private var lines = 0
  /// Bytes of decoded rows, without the header row.
  private var decodedSize = 0
  /// The number of decoded records.
  package private(set) var count = 0
  private var tokens = CopyOnWriteBlocks<OAuthToken>()
  private let keepsRecords: Bool
  /// The reader decodes when this much is pending, in bytes.
  private let pieceSize: Int

  /// A reader, which keeps the records for ``finish(_:)``, or only passes on their keys.
  ///
  /// - Parameter pieceSize: How many bytes to decode at once: 256 KiB, or fewer to test where pieces end.
  package init(_ format: RecordFormat, keepsRecords: Bool = true, pieceSize: Int = 262_144) {
    (self.format, self.keepsRecords, self.pieceSize) = (format, keepsRecords, pieceSize)
    headerSize = format == .json ? 0 : nil
    pending.reserveCapacity(2 * pieceSize)
  }

  /// Adds the next piece of the text, and calls `body` with each record that was decoded and the offset in the whole text
  /// where it begins.
  ///
  /// - Throws: ``RecordError`` with the line in the whole text.
  package mutating func add(
    _ text: Span<UInt8>, _ body: (OAuthToken, Int) -> Void = { _, _ in }
  ) throws(RecordError) {
    pending.makeRoom(for: text.count)
    pending.append(contentsOf: text)
    if pending.count >= pieceSize, let end = lastRowEnd() { try decode(to: end, body) }
  }

  /// Decodes the rest, and returns the records of the whole text.
  package mutating func finish(
    _ body: (OAuthToken, Int) -> Void = { _, _ in }
  ) throws(RecordError) -> CopyOnWriteBlocks<OAuthToken> {
    defer { cleanse() }
    try decode(to: pending.count, body)
    return tokens
  }

  /// Overwrites the pending text.
  package mutating func cleanse() { pending.cleanse() }

  /// The end of the last complete row; nil if there is none besides the header row.
  private mutating func lastRowEnd() -> Int? {
    if headerSize == nil { headerSize = format.rowEnd(in: pending.span) }
    guard let start = headerSize else { return nil }
    let text = pending.span
    var end = text.count
    var isOutside =
      format == .json || ByteScan.count("\"", text.extracting(start..<end)).isMultiple(of: 2)
    while end > start {
      let byte = text[end - 1]
      if byte == 0x0A, isOutside { return end }
      // JSON strings contain no line ends.
      if byte == UInt8(ascii: "\""), format == .csv { isOutside.toggle() }
      end -= 1
    }
    return nil
  }

  private mutating func decode(
    to end: Int, _ body: (OAuthToken, Int) -> Void
  ) throws(RecordError) {
    var decoded: [(token: OAuthToken, start: Int)] = []
    do {
      let text = pending.span.extracting(0..<end)
      try format.forEachStored(in: text, keysAlone: !keepsRecords) { decoded.append(($0, $1)) }
    } catch {
      // Counted in the whole text.
      throw RecordError(reason: error.reason, line: error.line + lines, column: error.column)
    }
    for (token, start) in decoded {
      if keepsRecords { tokens.append(token) }
      body(token, decodedSize + start)
    }
    count += decoded.count
    guard count <= RecordFormat.recordCountLimit else {
      let line = lines + RecordFormat.recordCountLimit - (count - decoded.count) + 1
      throw RecordError(reason: .tooManyRecords, line: line, column: 1)
    }
    lines += ByteScan.count("\n", pending.span.extracting((headerSize ?? 0)..<end))
    decodedSize += end - (headerSize ?? 0)
    keepRest(from: end)
  }

  private mutating func keepRest(from end: Int) {
    let (start, rest) = (headerSize ?? 0, pending.count - end)
    for place in 0..<rest { pending[start + place] = pending[end + place] }
    for place in start + rest..<pending.count { pending[place] = 0 }
    pending.removeLast(pending.count - start - rest)
  }
}
