internal import VaultCrypto

/// How records are written: in the vault, and in imports and exports.
public enum RecordFormat: String, Sendable, CaseIterable {
  /// One JSON object (RFC 8259) a line.
  case json
  /// Comma-separated values (RFC 4180) with a header row.
  case csv

  /// The longest record that either codec reads or writes, in bytes of its text: 1 MiB.
  public static let recordSizeLimit = 1_048_576

  /// The most records that a store may hold, or an import bring: a million.
  public static let recordCountLimit = 1_000_000

  /// The most unknown fields of different names that records in CSV may have between them: each is a
  /// column of every row.
  public static let attributeColumnLimit = 1024

  /// Whether a record would be read back as it is: not when it is too long, or has an unknown field with a
  /// name or a JSON text that is none.
  package func canHold(_ token: OAuthToken) -> Bool {
    // Known fields take any text: without unknown ones, only the size can be wrong, and mostly is far from it.
    if token.attributes.isEmpty, token.fieldSize < Self.recordSizeLimit / 8 { return true }
    var text = encode([token])
    defer { text.cleanse() }
    // The columns of other records add a comma each, and what is noted of a record later must fit too.
    let size =
      text.count + (self == .csv ? Self.attributeColumnLimit : 0) + Self.historyRoom
    return size <= Self.recordSizeLimit && (try? decode(stored: text.span)) == [token]
  }

  /// At least what a history takes: it grows without anybody asking whether the record can still be held.
  private static let historyRoom = 400

  /// The records as text in UTF-8.
  public func encode(_ tokens: [OAuthToken]) -> [UInt8] {
    RecordEncoder(self, attributesOf: tokens).text(tokens[...])
  }

  /// The records that `text` holds, in its order; all of them or an error.
  ///
  /// JSON may be one object, an array of objects, or objects one after another. `expires_in` (RFC
  /// 6749, section 5.1) counts from `now`; `expiry_time` is in milliseconds since 1970.
  public func decode(_ text: Span<UInt8>, now: Timestamp) throws(RecordError) -> [OAuthToken] {
    try decode(text, nowOrStored: now)
  }

  /// The records that a vault stores as `text`: what `encode` writes, and nothing looser.
  package func decode(stored text: Span<UInt8>) throws(RecordError) -> [OAuthToken] {
    try decode(text, nowOrStored: nil)
  }

  private func decode(
    _ text: Span<UInt8>, nowOrStored now: Timestamp?
  ) throws(RecordError) -> [OAuthToken] {
    do {
      switch self {
      case .json: return try JSONRecordDecoder.decode(text, now: now)
      case .csv: return try CSVRecordDecoder.decode(text, now: now)
      }
    } catch {
      throw error.located(in: text)
    }
  }
}
