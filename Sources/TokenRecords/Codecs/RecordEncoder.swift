/// Writes many records in pieces, so that the whole text need never be in memory: the header, then the rows of
/// one slice of the records after another. The concatenation equals the text of ``RecordFormat/encode(_:)``.
package struct RecordEncoder {
  private let format: RecordFormat
  /// The columns of the unknown fields, which every row of CSV has.
  private let columns: [CSVColumn]

  /// Whether the text is for others, and not stored.
  private let isExport: Bool

  /// An encoder for records that have no other unknown fields than `tokens` have.
  @inlinable package init(
    _ format: RecordFormat, attributesOf tokens: some Sequence<OAuthToken>, isExport: Bool = false
  ) {
    self.init(format, format == .csv ? AttributeNames(tokens) : AttributeNames(), isExport)
  }

  @usableFromInline package init(
    _ format: RecordFormat, _ names: AttributeNames, _ isExport: Bool = false
  ) {
    (self.format, columns, self.isExport) = (format, names.columns, isExport)
  }

  /// What precedes the records: nothing in JSON, the header row in CSV.
  package var header: [UInt8] { text([]) }

  /// The rows of some of the records, in their order; the caller cleanses them.
  package func rows(_ tokens: ArraySlice<OAuthToken>) -> [UInt8] {
    var rowStarts: [Int] = []
    return rows(tokens, startingAt: &rowStarts)
  }

  /// The same, with the offset at which each row begins.
  package func rows(
    _ tokens: ArraySlice<OAuthToken>, startingAt rowStarts: inout [Int]
  ) -> [UInt8] {
    text(withHeader: false, tokens, &rowStarts)
  }

  func text(_ tokens: ArraySlice<OAuthToken>) -> [UInt8] {
    var rowStarts: [Int] = []
    return text(withHeader: true, tokens, &rowStarts)
  }

  private func text(
    withHeader: Bool, _ tokens: ArraySlice<OAuthToken>, _ rowStarts: inout [Int]
  ) -> [UInt8] {
    switch format {
    case .json: JSONRecordEncoder.encode(tokens, startingAt: &rowStarts)
    case .csv:
      CSVRecordEncoder.encode(
        rows: withHeader ? [CSVRecordEncoder.header(columns)] : [], tokens, columns,
        isExport: isExport, startingAt: &rowStarts)
    }
  }
}
