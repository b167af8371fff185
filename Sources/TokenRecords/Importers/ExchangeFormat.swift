/// The formats of imports and exports.
public enum ExchangeFormat: Sendable, Equatable {
  /// A format that a vault can have.
  case records(RecordFormat)
  /// The token file of the Zoho CRM SDKs.
  case zohoCSV

  /// Detects the format of a text: JSON by its first character, Zoho's by its header, otherwise CSV.
  package static func detect(_ text: Span<UInt8>) -> ExchangeFormat {
    var scanner = JSONScanner(at: ByteOrderMark.size(in: text))
    if let first = try? scanner.peek(text), first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    {
      return .records(.json)
    }
    return ZohoCSV.matches(text) ? .zohoCSV : .records(.csv)
  }

  /// Decodes the records of `text`, as ``RecordFormat/decode(_:now:)`` does.
  ///
  /// - Throws: ``RecordError`` if the text is not a list of records.
  public func decode(_ text: Span<UInt8>, now: Timestamp) throws(RecordError) -> [OAuthToken] {
    switch self {
    case .records(let format): try format.decode(text, now: now)
    case .zohoCSV: try RecordError.locating(in: text, ZohoCSV.decode(text))
    }
  }

  /// Encodes the records as UTF-8. ``zohoCSV`` has no column for some fields and omits them.
  public func encode(_ tokens: [OAuthToken]) -> [UInt8] {
    switch self {
    case .records(let format): format.encode(tokens)
    case .zohoCSV: ZohoCSV.encode(tokens)
    }
  }
}
