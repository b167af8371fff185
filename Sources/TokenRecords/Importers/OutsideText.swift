package import VaultCrypto

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
      do throws(RecordFault) {
        var decoder = try decoder(of: text, as: format, rules)
        _ = try decoder.read(text)
        return decoder.result
      } catch { throw self.error(error, in: text, from: TextPlace()) }
    }
  }

  /// The same for a long text: releases it while it is read, so that it and its records are not in memory together.
  ///
  /// - Parameter onProgress: Gets the bytes that were read, every megabyte or so.
  /// - Throws: ``RecordError``, after which the text may be there in part.
  package static func read(
    spending area: inout TextArea, as format: ExchangeFormat? = nil, _ rules: ReadingRules,
    onProgress: ((VaultProgress) -> Void)? = nil
  ) throws(RecordError) -> ReadRecords {
    if let order = area.withText({ ByteOrderMark.ofUTF16(in: $0) }) {
      var bytes = try area.withText { (text) throws(RecordError) in
        try RecordError.locating(in: text, UTF16Text.transcoded(text, order))
      }
      defer { bytes.cleanse() }
      area.spend(to: area.count)
      return try read(bytes.span, as: format, rules)
    }
    var place = TextPlace()
    do throws(RecordFault) {
      var decoder = try area.withText { (text) throws(RecordFault) in
        try Self.decoder(of: text, as: format, rules)
      }
      while try area.withText({ (text) throws(RecordFault) in
        try decoder.read(text, atLeast: pieceSize)
      }) {
        area.withText { place.advance(to: decoder.offset, in: $0) }
        area.spend(to: decoder.offset)
        onProgress?(
          VaultProgress(.reading, done: Int64(decoder.offset), of: Int64(area.count)))
      }
      return decoder.result
    } catch {
      throw area.withText { self.error(error, in: $0, from: place) }
    }
  }

  /// How much is read between two releases: a megabyte.
  private static let pieceSize = 1 << 20

  private static func decoder(
    of text: Span<UInt8>, as format: ExchangeFormat?, _ rules: ReadingRules
  ) throws(RecordFault) -> any OutsideDecoder {
    switch format ?? .detect(text) {
    case .records(.json) where FormRecordDecoder.matches(text):
      try FormRecordDecoder(text, rules)
    case .records(let format): try format.decoder(of: text, rules)
    case .zohoCSV: try ZohoCSVDecoder(text)
    }
  }

  /// A fault with its place, or what the text is instead, as far as its start is still there.
  private static func error(
    _ fault: RecordFault, in text: Span<UInt8>, from place: TextPlace
  ) -> RecordError {
    guard place.offset == 0, let what = ForeignText.name(of: text) else {
      return fault.located(in: text, from: place)
    }
    return RecordError(reason: .notRecords(what), line: 1, column: 1)
  }

  /// Reads the answer of a token endpoint: one JSON object, or one form.
  ///
  /// - Throws: ``RecordError`` if it is neither.
  package static func readAnswer(
    _ text: Span<UInt8>, receivedAt now: Timestamp
  ) throws(RecordError) -> ReadRecords {
    func read() throws(RecordFault) -> ReadRecords {
      FormRecordDecoder.matches(text)
        ? try FormRecordDecoder(text, .answer(at: now)).result
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
