extension String {
  /// The text of these bytes, which must be UTF-8.
  ///
  /// `faultAt` is the offset of the error if `bytes` is not the text that the codec reads.
  init(
    utf8 bytes: Span<UInt8>, _ range: Range<Int>, faultAt place: Int? = nil
  ) throws(RecordFault) {
    do {
      self.init(copying: try UTF8Span(validating: bytes.extracting(range)))
    } catch {
      throw RecordFault(error, in: range, at: place)
    }
  }
}

extension Span<UInt8> {
  /// Throws if the bytes are not UTF-8; `faultAt` as in `String.init(utf8:_:faultAt:)`.
  func checkUTF8(_ range: Range<Int>, faultAt place: Int? = nil) throws(RecordFault) {
    do { _ = try UTF8Span(validating: extracting(range)) } catch {
      throw RecordFault(error, in: range, at: place)
    }
  }
}

extension RecordFault {
  fileprivate init(
    _ error: UTF8.ValidationError, in range: Range<Int>, at place: Int?
  ) {
    self.init(.invalidUTF8, at: place ?? range.lowerBound + error.byteOffsets.lowerBound)
  }
}
