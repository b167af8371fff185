/// Reads rows of comma-separated text, each with as many values as the header has.
struct CSVTable {
  private var scanner: CSVScanner
  /// Whether lines with nothing in them are passed over, as the Zoho SDKs do.
  private let skipsBlankLines: Bool
  private var rows = 0

  /// Begins after the byte order mark, if there is one.
  init(_ text: Span<UInt8>, allowsStrayQuotes: Bool = false, skipsBlankLines: Bool = false) {
    scanner = CSVScanner(at: ByteOrderMark.size(in: text), allowsStrayQuotes: allowsStrayQuotes)
    self.skipsBlankLines = skipsBlankLines
  }

  /// Reads the header row, which must be there.
  ///
  /// `named` gets each name and its offset.
  mutating func header(
    _ text: Span<UInt8>, named: (String, Int) throws(RecordFault) -> Void
  ) throws(RecordFault) {
    guard
      try row(text, value: { (_, name, offset) throws(RecordFault) in try named(name, offset) }) > 0
    else { throw RecordFault(.missingHeader, at: 0) }
  }

  /// Reads the next row, which must have `count` values, and says whether there was one.
  ///
  /// `value` gets the index, text and offset of each value before it is known whether the row has too
  /// few.
  mutating func row(
    _ text: Span<UInt8>, of count: Int, value: (Int, String, Int) throws(RecordFault) -> Void
  ) throws(RecordFault) -> Bool {
    let start = scanner.offset
    rows += 1
    guard rows <= RecordFormat.recordCountLimit + 1 else {
      throw RecordFault(.tooManyRecords, at: start)
    }
    let found = try row(text) { (index, text, offset) throws(RecordFault) in
      if index < count { try value(index, text, offset) }
    }
    guard found == count || found == 0 else {
      throw RecordFault(.valueCount(found: found, expected: count), at: start)
    }
    return found > 0
  }

  /// The number of values in the next row; 0 where there is none.
  private mutating func row(
    _ text: Span<UInt8>, value: (Int, String, Int) throws(RecordFault) -> Void
  ) throws(RecordFault) -> Int {
    if skipsBlankLines { while scanner.takeLineEnd(text) {} }
    guard !scanner.isAtEnd(text) else { return 0 }
    let start = scanner.offset
    var count = 0
    while true {
      let offset = scanner.offset
      let (text, end) = try scanner.value(text)
      try value(count, text, offset)
      count += 1
      if scanner.offset - start > RecordFormat.recordSizeLimit {
        throw RecordFault(.recordTooLong, at: start)
      }
      if end == .row { return count }
    }
  }
}
