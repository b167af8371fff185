internal import VaultCrypto

/// Reads records from a text that comes from outside: the one reader for imports, saves and answers of token endpoints.
///
/// A text is UTF-8, or UTF-16 with its byte order mark. JSON and CSV have the same names (``AnswerNames``), and the same
/// rules for the end of an access token (``AccessTokenEnd``).
package enum OutsideText {
  /// Reads records in this format, or in the one detected.
  ///
  /// - Throws: ``RecordError``; if the text is of another kind, it names that.
  package static func read(
    _ text: Span<UInt8>, as format: ExchangeFormat? = nil, _ rules: ReadingRules
  ) throws(RecordError) -> ReadRecords {
    try withUTF8(text) { (text) throws(RecordError) in
      let format = format ?? .detect(text)
      do throws(RecordError) {
        return try RecordError.locating(in: text, read(text, format, rules))
      } catch {
        guard let what = ForeignText.name(of: text) else { throw error }
        throw RecordError(reason: .notRecords(what), line: 1, column: 1)
      }
    }
  }

  private static func read(
    _ text: Span<UInt8>, _ format: ExchangeFormat, _ rules: ReadingRules
  ) throws(RecordFault) -> ReadRecords {
    switch format {
    case .records(.json) where FormRecordDecoder.matches(text):
      try FormRecordDecoder.read(text, rules)
    case .records(let format): try format.read(text, rules)
    case .zohoCSV: try ZohoCSV.read(text)
    }
  }

  /// Reads the answer of a token endpoint: one JSON object, or one form.
  ///
  /// - Throws: ``RecordError`` if it is neither.
  package static func readAnswer(
    _ text: Span<UInt8>, receivedAt now: Timestamp
  ) throws(RecordError) -> ReadRecords {
    func read() throws(RecordFault) -> ReadRecords {
      FormRecordDecoder.matches(text)
        ? try FormRecordDecoder.read(text, .answer(at: now))
        : try JSONRecordDecoder.readOne(text, .answer(at: now))
    }
    return try RecordError.locating(in: text, read())
  }

  /// Lends the text as UTF-8 to `body`, and cleanses what it makes for that.
  private static func withUTF8<Result>(
    _ text: Span<UInt8>, _ body: (Span<UInt8>) throws(RecordError) -> Result
  ) throws(RecordError) -> Result {
    guard let order = ByteOrderMark.ofUTF16(in: text) else { return try body(text) }
    var bytes = try RecordError.locating(in: text, UTF16Text.transcoded(text, order))
    defer { bytes.cleanse() }
    return try body(bytes.span)
  }
}
