/// The token files of the Zoho CRM SDKs: known columns, empty for absent, expiry in milliseconds.
package enum ZohoCSV {
  /// The header that Python SDK 7.0.0 writes.
  private static let header = [
    "id", "user_name", "client_id", "client_secret", "refresh_token", "access_token", "grant_token",
    "expiry_time", "redirect_uri", "api_domain",
  ]

  /// Python's `csv` reader refuses a longer value, and the whole file with it.
  package static let valueSizeLimit = 131_072

  /// The columns of all SDKs: those of 2.0 and 2.1 say `user_mail`, that of Python `redirect_uri`.
  private static let columns: [String: TokenField] = [
    "id": .id, "user_name": .userName, "user_mail": .userName, "client_id": .clientID,
    "client_secret": .clientSecret, "refresh_token": .refreshToken, "access_token": .accessToken,
    "grant_token": .grantToken, expiryName: .expiresAt, "redirect_uri": .redirectURL,
    "redirect_url": .redirectURL, "api_domain": .apiDomain,
  ]
  static let expiryName = "expiry_time"

  /// The columns of SDK 2.0, which all have.
  private static let required: Set<TokenField> = [
    .userName, .clientID, .refreshToken, .accessToken, .grantToken, .expiresAt,
  ]

  private static let fields: [TokenField] = [
    .id, .userName, .clientID, .clientSecret, .refreshToken, .accessToken, .grantToken, .expiresAt,
    .redirectURL, .apiDomain,
  ]

  /// Whether a text begins with a header that an SDK writes.
  static func matches(_ text: Span<UInt8>) -> Bool {
    var table = CSVTable(text)
    guard let header = try? header(&table, text) else { return false }
    return fields(of: header) != nil
  }

  /// The fields of the columns; nil unless they are six, nine or ten of the SDKs'.
  static func fields(of header: [String]) -> [TokenField]? {
    let fields = header.compactMap { columns[$0] }
    let isLayout =
      [6, 9, 10].contains(header.count) && fields.count == header.count
      && Set(fields).count == fields.count && required.isSubset(of: fields)
    return isLayout ? fields : nil
  }

  static func header(
    _ table: inout CSVTable, _ text: Span<UInt8>
  ) throws(RecordFault) -> [String] {
    var names: [String] = []
    try table.header(text) { (name, _) throws(RecordFault) in names.append(name) }
    return names
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
