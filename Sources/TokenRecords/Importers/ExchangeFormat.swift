/// The formats of imports and exports.
public enum ExchangeFormat: Sendable, Equatable {
  /// A format that a vault can have.
  case records(RecordFormat)
  /// The token file of the Zoho CRM SDKs.
  case zohoCSV

  /// Detects the format of a text: JSON by its first character, the answer of a token endpoint by its form, Zoho's by its
  /// header, otherwise CSV.
  package static func detect(_ text: Span<UInt8>) -> ExchangeFormat {
    var scanner = JSONScanner(at: ByteOrderMark.size(in: text))
    if let first = try? scanner.peek(text), first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    {
      return .records(.json)
    }
    if FormRecordDecoder.matches(text) { return .records(.json) }
    return ZohoCSV.matches(text) ? .zohoCSV : .records(.csv)
  }

  /// Decodes the records of a file, as ``RecordFormat/decode(_:now:)`` does, but for the end of an access token that has
  /// only a lifetime: in a file without a time of issue it is unknown.
  ///
  /// - Parameter now: The time of reading: a time of issue after that is not believed.
  /// - Throws: ``RecordError`` if the text is not a list of records.
  public func decode(_ text: Span<UInt8>, now: Timestamp) throws(RecordError) -> [OAuthToken] {
    try OutsideText.read(text, as: self, .imported(at: now)).tokens
  }

  /// Encodes the records as UTF-8. ``zohoCSV`` has no column for some fields and omits them.
  public func encode(_ tokens: [OAuthToken]) -> [UInt8] {
    switch self {
    case .records(let format):
      RecordEncoder(format, attributesOf: tokens, isExport: true).text(tokens[...])
    case .zohoCSV: ZohoCSV.encode(tokens)
    }
  }
}
