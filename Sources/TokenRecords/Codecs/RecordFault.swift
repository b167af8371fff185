/// A ``RecordError`` by its offset; only a failure pays for turning the offset into line and column.
package struct RecordFault: Error {
  let reason: RecordError.Reason
  /// In bytes from the start of the text.
  let offset: Int

  init(_ reason: RecordError.Reason, at offset: Int) {
    (self.reason, self.offset) = (reason, offset)
  }

  fileprivate func located(in bytes: Span<UInt8>) -> RecordError {
    var (line, column) = (1, 1)
    for index in 0..<min(offset, bytes.count) {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\n") {
        (line, column) = (line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return RecordError(reason: reason, line: line, column: column)
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
