/// Reads rows of comma-separated text, each with as many values as the header has.
struct CSVTable {
  private var scanner: CSVScanner
  /// Whether lines with nothing in them are passed over, as the Zoho SDKs do.
  private let skipsBlankLines: Bool
  /// Where each value of the last row began.
  private(set) var offsets: [Int] = []

  /// Begins after the byte order mark, if there is one.
  init(_ text: Span<UInt8>, allowsStrayQuotes: Bool = false, skipsBlankLines: Bool = false) {
    scanner = CSVScanner(at: ByteOrderMark.size(in: text), allowsStrayQuotes: allowsStrayQuotes)
    self.skipsBlankLines = skipsBlankLines
  }

  /// The header's names.
  mutating func header(_ text: Span<UInt8>) throws(RecordFault) -> [String] {
    var names: [String] = []
    guard try row(text, into: &names) else { throw RecordFault(.missingHeader, at: 0) }
    return names
  }

  /// Reads the next row, and says whether there was one.
  mutating func row(_ text: Span<UInt8>, into values: inout [String]) throws(RecordFault) -> Bool {
    if skipsBlankLines { while scanner.takeLineEnd(text) {} }
    guard !scanner.isAtEnd(text) else { return false }
    values.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    let start = scanner.offset
    while true {
      offsets.append(scanner.offset)
      let (value, end) = try scanner.value(text)
      values.append(value)
      if scanner.offset - start > RecordFormat.recordSizeLimit {
        throw RecordFault(.recordTooLong, at: start)
      }
      if end == .row { return true }
    }
  }

  /// As `row`, and refuses a row with another number of values than `count`.
  mutating func row(
    _ text: Span<UInt8>, of count: Int, into values: inout [String]
  ) throws(RecordFault) -> Bool {
    guard try row(text, into: &values) else { return false }
    guard values.count == count else {
      throw RecordFault(.valueCount(found: values.count, expected: count), at: offsets[0])
    }
    return true
  }
}
