/// Finds the records that have a certain text in a field, and decodes no others than look like it.
///
/// Searches a vault's records as `RecordFormat.encode` writes them: what is not as it writes it is not found.
package struct StoredRecordScan {
  /// How many records may look like what is sought, and not be it, until decoding them all costs no more.
  static let missLimit = 64

  private let field: TokenField
  private let sought: String
  private var found: [OAuthToken] = []
  private var misses = 0

  private init(_ field: TokenField, _ sought: String) {
    (self.field, self.sought) = (field, sought)
  }

  /// All records of `text` whose field is `sought`, byte for byte, in their order.
  ///
  /// Nil where all must be decoded: because too many look like these, or to learn what is wrong with the text. Of
  /// records that do not look like these nobody learns whether they are intact.
  package static func records(
    in text: Span<UInt8>, as format: RecordFormat, whose field: TokenField, is sought: String
  ) -> [OAuthToken]? {
    // A stored field is never empty.
    if sought.isEmpty { return [] }
    var scan = StoredRecordScan(field, sought)
    let isComplete =
      switch format {
      case .json: (try? scan.searchJSON(text)) ?? false
      case .csv: (try? scan.searchCSV(text)) ?? false
      }
    return isComplete ? scan.found : nil
  }

  /// Keeps a record that is sought; false where there were too many others.
  private mutating func take(_ record: OAuthToken) -> Bool {
    let bytes = sought.utf8.span
    if record.withText(of: field, { ExactText.isEqual($0, bytes) }) ?? false {
      found.append(record)
      return true
    }
    return miss()
  }

  private mutating func miss() -> Bool {
    misses += 1
    return misses <= Self.missLimit
  }
}

extension StoredRecordScan {
  /// False where all must be decoded.
  private mutating func searchJSON(_ text: Span<UInt8>) throws(RecordFault) -> Bool {
    let member = Array("\"\(field.name)\":".utf8) + JSONRecordEncoder.string(sought)
    // A line's first member is its id, if it has one; elsewhere the same bytes are another object's.
    let needle = field == .id ? Array("\n{".utf8) + member : member
    var place = 0
    if field == .id, text.has(needle.span.extracting(droppingFirst: 1), at: 0) {
      guard try takeLine(text, around: 0, from: &place) else { return false }
    }
    while let hit = text.place(of: needle.span, from: place) {
      // Past the line feed, if the needle has one.
      let inside = field == .id ? hit + 1 : hit
      guard try takeLine(text, around: inside, from: &place) else { return false }
    }
    return true
  }

  /// Decodes the line that has something at `hit`, and makes `place` the line feed at its end. A record has no line
  /// feed in it.
  private mutating func takeLine(
    _ text: Span<UInt8>, around hit: Int, from place: inout Int
  ) throws(RecordFault) -> Bool {
    var start = hit
    while start > 0, text[start - 1] != 0x0A { start -= 1 }
    guard let end = text.place(of: [0x0A].span, from: hit) else { return false }
    place = end
    let records = try JSONRecordDecoder.decode(text.extracting(start...end), now: nil)
    for record in records { guard take(record) else { return false } }
    return true
  }
}

extension StoredRecordScan {
  /// False where all must be decoded.
  private mutating func searchCSV(_ text: Span<UInt8>) throws(RecordFault) -> Bool {
    var decoder = try CSVRecordDecoder(text, now: nil)
    guard let needle = needle(decoder.fields) else { return false }
    let isFirst = decoder.fields.first == field
    // The line end before the row that comes next: there is no open quote there.
    guard var lineEnd = Self.lineEnd(text, before: decoder.offset) else { return false }
    var quotes = QuoteParity(at: lineEnd)
    var place = lineEnd
    while let hit = text.place(of: needle.span, from: place) {
      guard quotes.isEven(text, at: hit) else {
        guard miss() else { return false }
        place = hit + 1
        continue
      }
      decoder.move(to: isFirst ? hit + 2 : Self.rowStart(text, before: hit, after: lineEnd))
      guard let record = try decoder.record(text), take(record),
        let end = Self.lineEnd(text, before: decoder.offset), end > hit
      else { return false }
      (lineEnd, place, quotes) = (end, end, QuoteParity(at: end))
    }
    return true
  }

  /// The value with what stands around it in its column.
  private func needle(_ columns: [TokenField?]) -> [UInt8]? {
    guard let column = columns.firstIndex(of: field), columns.count > 1 else { return nil }
    let value = CSVRecordEncoder.value(sought)
    let lineEnd = Array("\r\n".utf8)
    let comma = Array(",".utf8)
    return (column == 0 ? lineEnd : comma) + value
      + (column == columns.count - 1 ? lineEnd : comma)
  }

  /// Where the line end is that must stand before an offset.
  private static func lineEnd(_ text: Span<UInt8>, before offset: Int) -> Int? {
    text.has("\r\n".utf8.span, at: offset - 2) ? offset - 2 : nil
  }

  /// Where the row begins that has something outside quotes at `hit`: after the last line end with no quote open, at
  /// the earliest after `lineEnd`.
  private static func rowStart(
    _ text: Span<UInt8>, before hit: Int, after lineEnd: Int
  ) -> Int {
    var isInQuotes = false
    var start = hit
    while start > lineEnd + 2, isInQuotes || text[start - 1] != 0x0A {
      start -= 1
      isInQuotes = isInQuotes != (text[start] == UInt8(ascii: "\""))
    }
    return start
  }
}
