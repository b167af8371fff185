/// A ``RecordError`` by its offset; only a failure pays for turning the offset into line and column.
package struct RecordFault: Error {
  let reason: RecordError.Reason
  /// In bytes from the start of the text.
  let offset: Int

  init(_ reason: RecordError.Reason, at offset: Int) {
    (self.reason, self.offset) = (reason, offset)
  }

  /// The error; `start` is a place before it from which the text is still there.
  func located(in text: Span<UInt8>, from start: TextPlace = TextPlace()) -> RecordError {
    var place = start
    place.advance(to: offset, in: text)
    return RecordError(reason: reason, line: place.line, column: place.column)
  }
}

extension RecordError {
  /// Runs `work`, which reads `text`; a fault becomes an error with its line and column.
  package static func locating<Result>(
    in text: Span<UInt8>, _ work: @autoclosure () throws(RecordFault) -> Result
  ) throws(RecordError) -> Result {
    do { return try work() } catch { throw error.located(in: text) }
  }
}
