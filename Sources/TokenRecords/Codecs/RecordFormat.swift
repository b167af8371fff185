internal import VaultCrypto

/// The encodings of records: in the vault, and in imports and exports.
public enum RecordFormat: String, Sendable, CaseIterable {
  /// One JSON object (RFC 8259) a line.
  case json
  /// Comma-separated values (RFC 4180) with a header row.
  case csv

  /// The largest record that either codec reads or writes, in bytes of its text: 1 MiB.
  public static let recordSizeLimit = 1_048_576

  /// The largest number of records in a store or an import: a million.
  public static let recordCountLimit = 1_000_000

  /// The largest number of distinct unknown fields in the records of one CSV text: each is a column of every row.
  public static let attributeColumnLimit = 1024

  /// Whether a record survives encoding and decoding: not if too long, or with an impossible name or invalid JSON.
  package func canHold(_ token: OAuthToken) -> Bool {
    // Known fields take any text, so without unknown ones only the size can be wrong, and it is mostly far from it.
    if token.attributes.isEmpty, token.fieldSize < Self.recordSizeLimit / 8 { return true }
    var text = encode([token])
    defer { text.cleanse() }
    // The columns of other records add a comma each, and a later history must fit too.
    let size =
      text.count + (self == .csv ? Self.attributeColumnLimit : 0) + Self.historyRoom
    return size <= Self.recordSizeLimit && (try? decode(stored: text.span)) == [token]
  }

  /// An upper bound for the bytes of a history, which grows without a check of the record's size.
  private static let historyRoom = 400

  /// Encodes the records as UTF-8.
  public func encode(_ tokens: [OAuthToken]) -> [UInt8] {
    RecordEncoder(self, attributesOf: tokens).text(tokens[...])
  }

  /// Decodes all records of `text`, in its order.
  ///
  /// JSON may be one object, an array of objects, or objects one after another. Fields may have the names and forms that
  /// programs and token endpoints use. `expires_in` (RFC 6749, section 5.1) counts from the record's own time of issue,
  /// such as `created_at`, or else from `now`; ``ExchangeFormat/decode(_:now:)`` is for files, which may be older.
  ///
  /// - Throws: ``RecordError`` if any part of the text is not a record.
  public func decode(_ text: Span<UInt8>, now: Timestamp) throws(RecordError) -> [OAuthToken] {
    func read() throws(RecordFault) -> [OAuthToken] {
      var decoder = try decoder(of: text, .saved(at: now))
      _ = try decoder.read(text)
      return decoder.result.tokens
    }
    return try RecordError.locating(in: text, read())
  }

  /// Decodes stored records: exactly what ``encode(_:)`` writes.
  ///
  /// - Throws: ``RecordError`` if the text is not as a vault writes it.
  package func decode(stored text: Span<UInt8>) throws(RecordError) -> [OAuthToken] {
    var tokens: [OAuthToken] = []
    try forEachStored(in: text) { token, _ in tokens.append(token) }
    return tokens
  }

  /// Decodes stored records as ``decode(stored:)`` does, and calls `body` with each and where in the text it begins.
  func forEachStored(
    in text: Span<UInt8>, _ body: (OAuthToken, Int) -> Void
  ) throws(RecordError) {
    func decode() throws(RecordFault) {
      switch self {
      case .json: try JSONRecordDecoder.forEachStored(text, body)
      case .csv: try CSVRecordDecoder.forEachStored(text, body)
      }
    }
    try RecordError.locating(in: text, decode())
  }

  /// What reads records from outside by these rules.
  func decoder(
    of text: Span<UInt8>, _ rules: ReadingRules
  ) throws(RecordFault) -> any OutsideDecoder {
    switch self {
    case .json: JSONRecordDecoder(for: text, rules)
    case .csv: try OutsideCSVDecoder(text, rules)
    }
  }

  /// Where the row ends that a stored text begins with, its line end included; nil if the text ends before.
  package func rowEnd(in text: Span<UInt8>) -> Int? {
    var isOutside = true
    for place in text.indices {
      // JSON strings contain no line ends.
      if text[place] == 0x0A, isOutside { return place + 1 }
      if self == .csv, text[place] == UInt8(ascii: "\"") { isOutside.toggle() }
    }
    return nil
  }
}
