/// Reads the records of one text from outside, one after another.
protocol OutsideDecoder {
  /// Where it goes on: what precedes this is never read again.
  var offset: Int { get }
  /// What was read so far.
  var result: ReadRecords { get }

  /// Reads the next record; returns false at the end.
  mutating func readNext(_ text: Span<UInt8>) throws(RecordFault) -> Bool
}

extension OutsideDecoder {
  /// Reads records until `offset` has come so much further, or all; returns false at the end.
  mutating func read(
    _ text: Span<UInt8>, atLeast size: Int = .max
  ) throws(RecordFault) -> Bool {
    let start = offset
    while offset - start < size {
      guard try readNext(text) else { return false }
    }
    return true
  }
}
