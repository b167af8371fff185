/// The token files of the Zoho CRM SDKs: columns by position, empty for absent, expiry in milliseconds.
package enum ZohoCSV {
  /// The header that Python SDK 7.0.0 writes.
  private static let header = [
    "id", "user_name", "client_id", "client_secret", "refresh_token", "access_token", "grant_token",
    "expiry_time", "redirect_uri", "api_domain",
  ]

  /// Python's `csv` reader refuses a longer value, and the whole file with it.
  package static let valueSizeLimit = 131_072

  /// The headers of all SDK versions, and the fields in their columns.
  private static let layouts: [(header: [String], fields: [TokenField])] = [
    (header, fields),
    (header.map { $0 == "redirect_uri" ? "redirect_url" : $0 }, fields),
    (
      [
        "id", "user_mail", "client_id", "client_secret", "refresh_token", "access_token",
        "grant_token", "expiry_time", "redirect_uri",
      ], Array(fields.dropLast())
    ),
    (
      ["user_mail", "client_id", "refresh_token", "access_token", "grant_token", "expiry_time"],
      [.userName, .clientID, .refreshToken, .accessToken, .grantToken, .expiresAt]
    ),
  ]

  private static let fields: [TokenField] = [
    .id, .userName, .clientID, .clientSecret, .refreshToken, .accessToken, .grantToken, .expiresAt,
    .redirectURL, .apiDomain,
  ]

  /// Whether a text begins with a header that an SDK writes.
  static func matches(_ text: Span<UInt8>) -> Bool {
    var table = CSVTable(text)
    guard let header = try? header(&table, text) else { return false }
    return layouts.contains { $0.header == header }
  }

  private static func header(
    _ table: inout CSVTable, _ text: Span<UInt8>
  ) throws(RecordFault) -> [String] {
    var names: [String] = []
    try table.header(text) { (name, _) throws(RecordFault) in names.append(name) }
    return names
  }

  static func decode(_ text: Span<UInt8>) throws(RecordFault) -> [OAuthToken] {
    var table = CSVTable(text, allowsStrayQuotes: true, skipsBlankLines: true)
    let header = try header(&table, text)
    // The whole header must match, not its count: a file that lost its header in a crash begins with a token.
    guard let fields = layouts.first(where: { $0.header == header })?.fields else {
      throw RecordFault(.unknownHeader, at: 0)
    }
    var tokens: [OAuthToken] = []
    while true {
      var builder = RecordBuilder(now: nil)
      let isThere = try table.row(text, of: fields.count) { (value, bytes) throws(RecordFault) in
        if bytes.isEmpty { return }
        if fields[value.index] == .expiresAt {
          builder.setZohoExpiry(try String(utf8: bytes, 0..<bytes.count))
        } else {
          builder.set(fields[value.index], bytes, at: value.range)
        }
      }
      guard isThere else { return tokens }
      tokens.append(builder.makeToken(from: text))
    }
  }

  /// The file as Python SDK 7.0.0 writes it, without the fields that it has no column for.
  static func encode(_ tokens: [OAuthToken]) -> [UInt8] {
    CSVRecordEncoder.encode(
      rows: [header]
        + tokens.map { token in
          fields.map { field in
            field == .expiresAt ? token.expiresAt?.zohoMilliseconds ?? "" : token[field] ?? ""
          }
        })
  }

  /// The names of a record's fields that the layout has no column for.
  package static func fieldsLost(of token: OAuthToken) -> [String] {
    TokenField.allCases.filter { !fields.contains($0) && token.has($0) }.map(\.name)
      + token.attributes.map(\.name)
  }

  /// The names of a record's fields that are too long for Python's `csv` reader.
  package static func fieldsTooLong(of token: OAuthToken) -> [String] {
    fields.filter { (token.withText(of: $0, characterCount) ?? 0) > valueSizeLimit }.map(\.name)
  }

  private static func characterCount(_ text: Span<UInt8>) -> Int {
    text.indices.count { text[$0] & 0xC0 != 0x80 }
  }
}
