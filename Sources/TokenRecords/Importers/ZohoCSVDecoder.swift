/// Decodes the records of a token file of the Zoho CRM SDKs, one after another.
struct ZohoCSVDecoder: OutsideDecoder {
  private var table: CSVTable
  private let fields: [TokenField]
  /// Whether an unquoted `NULL` is an absent value.
  private let hasNulls: Bool
  private(set) var result = ReadRecords()

  /// Reads the header row.
  init(_ text: Span<UInt8>) throws(RecordFault) {
    var table = CSVTable(text, allowsStrayQuotes: true)
    let header = try ZohoCSV.header(&table, text)
    // A file that lost its header in a crash begins with a token.
    guard let fields = ZohoCSV.fields(of: header) else { throw RecordFault(.unknownHeader, at: 0) }
    (self.table, self.fields) = (table, fields)
    // Only Python's FileStore writes this name, and it has no text for an absent value; databases have.
    hasNulls = !header.contains("redirect_uri")
  }

  var offset: Int { table.offset }

  mutating func readNext(_ text: Span<UInt8>) throws(RecordFault) -> Bool {
    while let token = try row(text) {
      // Spreadsheets leave rows without a value.
      if token.fieldSize == 0 { continue }
      result.tokens.append(token)
      if case .unreadable = token.expiresAt {
        let remark = ReadingRemark(.unreadableEnd, ZohoCSV.expiryName)
        result.remarks.add(remark, record: result.tokens.count)
      }
      return true
    }
    return false
  }

  private mutating func row(_ text: Span<UInt8>) throws(RecordFault) -> OAuthToken? {
    let (fields, hasNulls) = (fields, hasNulls)
    var builder = RecordBuilder(nil)
    let isThere = try table.row(text, of: fields.count) { (value, bytes) throws(RecordFault) in
      if bytes.isEmpty { return }
      let isQuoted = text[value.offset] == UInt8(ascii: "\"")
      if hasNulls, !isQuoted, DatabaseNull.matches(bytes) { return }
      guard fields[value.index] == .expiresAt else {
        return builder.set(fields[value.index], bytes, at: value.range)
      }
      let expiry = Expiry(zohoMilliseconds: try String(utf8: bytes, 0..<bytes.count))
      builder.set(.expiresAt, expiry.text.utf8.span, at: nil)
    }
    return isThere ? builder.makeToken(from: text) : nil
  }
}
