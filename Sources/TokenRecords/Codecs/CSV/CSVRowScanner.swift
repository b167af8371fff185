/// Finds the rows and keys of stored records in CSV.
struct CSVRowScanner {
  private var table: CSVTable
  private let columns: [CSVColumn]
  /// For each column, the field that is, or is a part of, a key.
  private let keys: [TokenField?]

  /// Reads the header row.
  init(_ text: Span<UInt8>) throws(RecordFault) {
    let (header, table) = try CSVHeader.read(text, isStored: true)
    columns = header.columns
    keys = columns.map { column in column.field.flatMap { $0.isInSearchKeys ? $0 : nil } }
    self.table = table
  }

  mutating func next(_ text: Span<UInt8>) throws(RecordFault) -> StoredRow? {
    let start = table.offset
    var row = StoredRow()
    let (columns, keys) = (columns, keys)
    let isThere = try table.row(text, of: columns.count) { (value, bytes) throws(RecordFault) in
      if bytes.isEmpty { return }
      if let field = keys[value.index] {
        if let range = value.range {
          row.fields.set(field, at: range)
        } else {
          row.fields.set(field, bytes)
        }
      } else if columns[value.index] == .known(.revision) {
        guard let revision = bytes.revision else {
          throw RecordFault(.notRevision, at: value.offset)
        }
        row.revision = revision
      }
    }
    guard isThere else { return nil }
    row.place = start..<table.offset
    return row
  }
}
