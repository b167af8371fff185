/// Finds the stored records with a given text in a field. Decodes only the candidates, which contain the encoded field.
///
/// Finds only what ``RecordFormat/encode(_:)`` writes.
package struct StoredRecordScan {
  /// The number of false candidates at which decoding all records costs no more.
  static let missLimit = 64

  private let field: TokenField
  private let sought: String
  private var found: [OAuthToken] = []
  private var misses = 0

  private init(_ field: TokenField, _ sought: String) {
    (self.field, self.sought) = (field, sought)
  }

  /// All records of `text` whose field equals `sought`, byte for byte, in their order.
  ///
  /// Returns nil if the caller must decode all records: because there are too many false candidates, or to find out
  /// what is wrong with the text. Does not check records that are not candidates.
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

  /// Keeps a record with the text; returns false after too many false candidates.
  private mutating func accept(_ record: OAuthToken) -> Bool {
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
  /// Returns false if all records must be decoded.
  private mutating func searchJSON(_ text: Span<UInt8>) throws(RecordFault) -> Bool {
    let member = Array("\"\(field.name)\":\(JSONRecordEncoder.string(sought))".utf8)
    // The id is the first member of a line; anywhere else, the same bytes belong to a nested object.
    let needle = field == .id ? Array("\n{".utf8) + member : member
    var place = 0
    if field == .id, text.has(needle.span.extracting(droppingFirst: 1), at: 0) {
      guard try scanLine(text, around: 0, from: &place) else { return false }
    }
    while let hit = text.place(of: needle.span, from: place) {
      // Behind the line feed, if the needle begins with one.
      let inside = field == .id ? hit + 1 : hit
      guard try scanLine(text, around: inside, from: &place) else { return false }
    }
    return true
  }

  /// Decodes the line around `hit`, and sets `place` to its line feed; a record contains no other.
  private mutating func scanLine(
    _ text: Span<UInt8>, around hit: Int, from place: inout Int
  ) throws(RecordFault) -> Bool {
    var start = hit
    while start > 0, text[start - 1] != 0x0A { start -= 1 }
    guard let end = text.place(of: [0x0A].span, from: hit) else { return false }
    place = end
    let records = try JSONRecordDecoder.decode(text.extracting(start...end), now: nil)
    for record in records { guard accept(record) else { return false } }
    return true
  }
}

extension StoredRecordScan {
  /// Returns false if all records must be decoded.
  private mutating func searchCSV(_ text: Span<UInt8>) throws(RecordFault) -> Bool {
    var decoder = try CSVRecordDecoder(text, now: nil)
    guard let needle = needle(decoder.fields) else { return false }
    let isFirst = decoder.fields.first == field
    // The line end before the next row: no quoted value is open there.
    guard var lineEnd = Self.lineEnd(text, before: decoder.offset) else { return false }
    // An even number of quotes behind the line end closes every quoted value.
    var (place, counted, isOutside) = (lineEnd, lineEnd, true)
    while let hit = text.place(of: needle.span, from: place) {
      let passed = ByteScan.count("\"", text.extracting(counted..<hit))
      (counted, isOutside) = (hit, isOutside == passed.isMultiple(of: 2))
      guard isOutside else {
        guard miss() else { return false }
        place = hit + 1
        continue
      }
      decoder.move(to: isFirst ? hit + 2 : Self.rowStart(text, before: hit, after: lineEnd))
      guard let record = try decoder.record(text), accept(record),
        let end = Self.lineEnd(text, before: decoder.offset), end > hit
      else { return false }
      (lineEnd, place, counted) = (end, end, end)
    }
    return true
  }

  /// The value with the delimiters of its column.
  private func needle(_ columns: [TokenField?]) -> [UInt8]? {
    guard let column = columns.firstIndex(of: field), columns.count > 1 else { return nil }
    let lineEnd = Array("\r\n".utf8)
    let comma = Array(",".utf8)
    let value = CSVRecordEncoder.encode(rows: [[sought]], [], []).dropLast(lineEnd.count)
    return (column == 0 ? lineEnd : comma) + value
      + (column == columns.count - 1 ? lineEnd : comma)
  }

  /// The line end that must be before an offset.
  private static func lineEnd(_ text: Span<UInt8>, before offset: Int) -> Int? {
    text.has("\r\n".utf8.span, at: offset - 2) ? offset - 2 : nil
  }

  /// The start of the row around `hit`, which is outside quotes: behind the last unquoted line end, at the earliest
  /// behind `lineEnd`.
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
