/// Writes many records in pieces, so that their whole text need never exist at once: the header, then the rows of
/// one slice of them after another. Together they are what `RecordFormat.encode` gives for all.
package struct RecordEncoder {
  private let format: RecordFormat
  /// The columns of the unknown fields, which every row of CSV has.
  private let columns: [CSVColumn]

  /// For records that have no other unknown fields than `tokens` have.
  package init(_ format: RecordFormat, attributesOf tokens: some Sequence<OAuthToken>) {
    self.format = format
    columns = format == .csv ? CSVColumn.attributes(of: tokens) : []
  }

  /// What stands before the records: nothing in JSON, the header row in CSV.
  package var header: [UInt8] { text(withHeader: true, EmptyCollection()) }

  /// The rows of some of the records, in their order; the caller cleanses them.
  package func rows(_ tokens: some Collection<OAuthToken>) -> [UInt8] {
    text(withHeader: false, tokens)
  }

  /// The header and the rows of these records.
  func text(_ tokens: some Collection<OAuthToken>) -> [UInt8] { text(withHeader: true, tokens) }

  private func text(withHeader: Bool, _ tokens: some Collection<OAuthToken>) -> [UInt8] {
    switch format {
    case .json: JSONRecordEncoder.encode(tokens)
    case .csv:
      CSVRecordEncoder.encode(
        rows: withHeader ? [CSVRecordEncoder.header(columns)] : [], tokens, columns)
    }
  }
}
