extension String {
  /// The text of these bytes, which must be UTF-8.
  ///
  /// `faultAt` is the offset of the error if `bytes` is not the text that the codec reads.
  init(
    utf8 bytes: Span<UInt8>, _ range: Range<Int>, faultAt place: Int? = nil
  ) throws(RecordFault) {
    try bytes.checkUTF8(range, faultAt: place)
    self.init(copying: unsafe UTF8Span(unchecked: bytes.extracting(range)))
  }
}

extension Span<UInt8> {
  /// Throws if the bytes are not UTF-8; `faultAt` as in `String.init(utf8:_:faultAt:)`.
  func checkUTF8(_ range: Range<Int>, faultAt place: Int? = nil) throws(RecordFault) {
    do { _ = try UTF8Span(validating: extracting(range)) } catch {
      let offset = place ?? range.lowerBound + error.byteOffsets.lowerBound
      throw RecordFault(.invalidUTF8, at: offset)
    }
  }
}
