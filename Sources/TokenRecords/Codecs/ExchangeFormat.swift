/// The formats that records come from and go to.
public enum ExchangeFormat: Sendable, Equatable {
  /// One of the formats that a vault can have.
  case records(RecordFormat)
  /// The token file of the Zoho CRM SDKs.
  case zohoCSV

  /// What a text looks like: JSON by its first character, Zoho's by its header, else CSV.
  package static func detect(_ text: Span<UInt8>) -> ExchangeFormat {
    var scanner = JSONScanner(at: ByteOrderMark.size(in: text))
    if let first = try? scanner.peek(text), first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    {
      return .records(.json)
    }
    return ZohoCSV.matches(text) ? .zohoCSV : .records(.csv)
  }

  /// The records that `text` holds; see `RecordFormat.decode`.
  public func decode(_ text: Span<UInt8>, now: Timestamp) throws(RecordError) -> [OAuthToken] {
    switch self {
    case .records(let format): return try format.decode(text, now: now)
    case .zohoCSV:
      do { return try ZohoCSV.decode(text) } catch { throw error.located(in: text) }
    }
  }

  /// The records as text in UTF-8. `zohoCSV` has no column for some fields, and leaves them out.
  public func encode(_ tokens: [OAuthToken]) -> [UInt8] {
    switch self {
    case .records(let format): format.encode(tokens)
    case .zohoCSV: ZohoCSV.encode(tokens)
    }
  }
}
