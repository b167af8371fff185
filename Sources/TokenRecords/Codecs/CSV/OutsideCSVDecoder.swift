/// Decodes the records of CSV from outside, one after another.
struct OutsideCSVDecoder: OutsideDecoder {
  private let rows: CSVRecordDecoder
  private var table: CSVTable
  private var reading: RecordReading

  /// Reads the header row.
  init(_ text: Span<UInt8>, _ rules: ReadingRules) throws(RecordFault) {
    let (header, table) = try CSVHeader.read(text, isStored: false)
    (rows, self.table, reading) = (CSVRecordDecoder(header), table, RecordReading(rules))
  }

  var offset: Int { table.offset }
  var result: ReadRecords { reading.result }

  mutating func readNext(_ text: Span<UInt8>) throws(RecordFault) -> Bool {
    guard let token = try rows.record(text, &table, &reading) else { return false }
    reading.keep(token)
    return true
  }
}
