internal import VaultCrypto

/// Decodes stored records from pieces of their text, so that the whole text is never in memory.
package struct StoredRecordReader {
  private let format: RecordFormat
  private var parts: StoredRowParts
  /// The number of decoded lines, without the header row.
  private var lines = 0
  private var tokens = CopyOnWriteBlocks<OAuthToken>()

  /// - Parameter pieceSize: How many bytes to decode at once: 256 KiB, or fewer to test where pieces end.
  package init(_ format: RecordFormat, pieceSize: Int = 262_144) {
    self.format = format
    parts = StoredRowParts(format, partSize: pieceSize)
  }

  /// Adds the next piece of the text, and calls `body` with each record that was decoded and the offset in the whole text
  /// where it begins.
  ///
  /// - Throws: ``RecordError`` with the line in the whole text.
  package mutating func add(
    _ text: Span<UInt8>, _ body: (OAuthToken, Int) -> Void = { _, _ in }
  ) throws(RecordError) {
    parts.append(text)
    if let end = parts.partEnd() { try decode(to: end, body) }
  }

  /// Decodes the rest, and returns the records of the whole text.
  package mutating func finish(
    _ body: (OAuthToken, Int) -> Void = { _, _ in }
  ) throws(RecordError) -> CopyOnWriteBlocks<OAuthToken> {
    defer { cleanse() }
    try decode(to: parts.text.count, body)
    return tokens
  }

  /// Overwrites the pending text.
  package mutating func cleanse() { parts.cleanse() }

  private mutating func decode(
    to end: Int, _ body: (OAuthToken, Int) -> Void
  ) throws(RecordError) {
    var decoded: [(token: OAuthToken, start: Int)] = []
    do {
      try format.forEachStored(in: parts.text.span.extracting(0..<end)) { decoded.append(($0, $1)) }
    } catch {
      // Counted in the whole text.
      throw RecordError(reason: error.reason, line: error.line + lines, column: error.column)
    }
    guard tokens.count + decoded.count <= RecordFormat.recordCountLimit else {
      let line = lines + RecordFormat.recordCountLimit - tokens.count + 1
      throw RecordError(reason: .tooManyRecords, line: line, column: 1)
    }
    for (token, start) in decoded {
      tokens.append(token)
      body(token, parts.offset + start)
    }
    lines += ByteScan.count("\n", parts.text.span.extracting(parts.rowsStart..<end))
    parts.pass(to: end)
  }
}
