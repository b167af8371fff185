internal import VaultCrypto

/// Reads every whole record from the authentic parts of a snapshot's text.
///
/// JSON resumes at the next line end: no record has one in it, and a part that begins in the middle of a record does not
/// begin with a record. Rows of CSV count if it is certain that no quote is open: from the text's start on, in a part that
/// reaches the text's end, and in between only if the other reading is impossible.
struct RecordSalvage {
  /// The records, in their order.
  private(set) var tokens: [OAuthToken] = []
  /// The preamble before them; nil if it is lost.
  private(set) var contents: SnapshotContents?
  /// Bytes of the text that are lost: the chunks that do not open, and the records that they cut.
  private(set) var lostBytes = 0

  private let format: RecordFormat
  /// The header row of CSV; nil if it is lost.
  private var headerRow: [UInt8]?

  init(_ snapshot: SalvagedSnapshot, as format: RecordFormat) throws(SnapshotFault) {
    self.format = format
    lostBytes = snapshot.textSize
    for part in snapshot.parts {
      let text = part.text.span
      if part.start == 0 {
        try readStart(text)
      } else if format == .json {
        try readLines(text)
      } else {
        try readRows(text, hasEnd: snapshot.hasEnd && part.end == snapshot.textSize)
      }
    }
  }

  /// Whether the names of unknown fields are lost and replaced by others.
  var areNamesLost: Bool {
    format == .csv && headerRow == nil && tokens.contains { !$0.attributes.isEmpty }
  }

  private func decode(_ text: Span<UInt8>) throws(SnapshotFault) -> [OAuthToken] {
    try SnapshotFault.wrap(records: format.decode(stored: text))
  }

  private mutating func keep(_ more: [OAuthToken], bytes: Int) {
    tokens += more
    lostBytes -= bytes
  }

  /// The part that the text begins with.
  private mutating func readStart(_ part: Span<UInt8>) throws(SnapshotFault) {
    let contents = try SnapshotContents(part)
    self.contents = contents
    let records = part.extracting(contents.recordsStart..<part.count)
    lostBytes -= contents.recordsStart
    if format == .json {
      let end = Self.end(ofLastLineIn: records)
      return keep(try decode(records.extracting(0..<end)), bytes: end)
    }
    let rows = CSVRowEnds(records, isInQuotes: false)
    guard let headerEnd = rows.first, let end = rows.last else { return }
    headerRow = records.extracting(0..<headerEnd).array
    keep(try decode(records.extracting(0..<end)), bytes: end)
  }

  // MARK: JSON

  private mutating func readLines(_ part: Span<UInt8>) throws(SnapshotFault) {
    guard let first = part.indices.first(where: { part[$0] == 0x0A }) else { return }
    let (start, end) = (first + 1, Self.end(ofLastLineIn: part))
    // Braces and quotes of a record are balanced, so the rest of one alone does not decode.
    if let whole = try? decode(part.extracting(0..<start)) { keep(whole, bytes: start) }
    keep(try decode(part.extracting(start..<end)), bytes: end - start)
  }

  private static func end(ofLastLineIn text: Span<UInt8>) -> Int {
    text.indices.last { text[$0] == 0x0A }.map { $0 + 1 } ?? 0
  }

  // MARK: CSV

  private mutating func readRows(_ part: Span<UInt8>, hasEnd: Bool) throws(SnapshotFault) {
    if hasEnd {
      // The text ends outside quotes, and each quote opens or closes one.
      let isInQuotes = !ByteScan.count("\"", part).isMultiple(of: 2)
      let (text, bytes) = rows(of: part, isInQuotes)
      // Without a whole row there is no header row either.
      if bytes > 0 { keep(try decode(text.span), bytes: bytes) }
      return
    }
    let outside = reading(of: part, isInQuotes: false)
    let within = reading(of: part, isInQuotes: true)
    if let only = outside ?? within, outside == nil || within == nil {
      keep(only.tokens, bytes: only.bytes)
    }
  }

  /// What a part has if it begins within quotes, or outside; nil if that is impossible.
  private func reading(
    of part: Span<UInt8>, isInQuotes: Bool
  ) -> (tokens: [OAuthToken], bytes: Int)? {
    guard CSVRowEnds(part, isInQuotes: isInQuotes).isPossible else { return nil }
    let (text, bytes) = rows(of: part, isInQuotes)
    // No value is so long.
    if bytes == 0 { return part.count > RecordFormat.recordSizeLimit ? nil : ([], 0) }
    guard let tokens = try? decode(text.span),
      tokens.allSatisfy({ $0.id?.isEmpty == false && $0.revision > 0 })
    else { return nil }
    return (tokens, bytes)
  }

  /// The whole rows of a part behind a header row, and how many bytes they have.
  private func rows(of part: Span<UInt8>, _ isInQuotes: Bool) -> ([UInt8], bytes: Int) {
    let ends = CSVRowEnds(part, isInQuotes: isInQuotes)
    guard let start = ends.first, let end = ends.last, start < end else { return ([], 0) }
    let rows = part.extracting(start..<end)
    var text = headerRow ?? standardHeaderRow(columns: CSVRowEnds.values(inFirstRowOf: rows))
    text.append(contentsOf: rows)
    return (text, end - start)
  }

  /// A header row of `columns` columns: first those of every vault, then others with names that say that theirs are lost.
  private func standardHeaderRow(columns: Int) -> [UInt8] {
    let known = CSVRecordEncoder.header([]).count
    let others = columns > known ? (1...columns - known).map { CSVColumn.text("lost-\($0)") } : []
    return CSVRecordEncoder.encode(rows: [CSVRecordEncoder.header(others)])
  }
}
