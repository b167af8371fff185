extension AttributeNames {
  /// The names in the header row of stored records.
  ///
  /// - Throws: ``RecordError`` if it is not as a vault writes it.
  package init(headerRow: Span<UInt8>) throws(RecordError) {
    self.init()
    let columns = try RecordError.locating(
      in: headerRow, CSVHeader.read(headerRow, isStored: true)
    ).0.columns
    for column in columns {
      switch column {
      case .text(let name): insert([name: .text("")])
      case .json(let name): insert([name: .json("")])
      case .known: break
      }
    }
  }

  /// A column for each name and kind, in the order of the headers' bytes.
  var columns: [CSVColumn] {
    let columns = ofTexts.map { CSVColumn.text($0.text) } + ofJSON.map { .json($0.text) }
    return columns.map { ExactText($0.header) }.sorted().map { CSVColumn(header: $0.text) }
  }

  /// Whether a header row has room for all columns.
  package var fitsInHeader: Bool {
    if count > RecordFormat.attributeColumnLimit { return false }
    // At worst, each byte is a quote, which is doubled; a prefix, quotes and a comma are added.
    if Self.knownHeaderSize + 2 * size + 8 * count <= RecordFormat.recordSizeLimit { return true }
    return columns.reduce(Self.knownHeaderSize) { $0 + Self.headerSize($1) }
      <= RecordFormat.recordSizeLimit
  }

  /// An upper bound for the bytes of the columns that every header has.
  private static let knownHeaderSize = 500

  private static func headerSize(_ column: CSVColumn) -> Int {
    let header = column.header.utf8
    return header.count + header.count { $0 == UInt8(ascii: "\"") } + 3
  }
}
