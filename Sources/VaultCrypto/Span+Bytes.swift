extension Span<UInt8> {
  /// A copy of the bytes.
  package var array: [UInt8] {
    unsafe withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// `withUnsafeBytes`, with the error's type kept.
  func withUnsafePointer<Result>(
    _ body: (UnsafeRawBufferPointer) throws(CryptoError) -> Result
  ) throws(CryptoError) -> Result {
    unsafe try withUnsafeBytes(body)
  }
}

extension [UInt8] {
  /// Lends the memory from `offset` on.
  mutating func withMutableChunk(
    _ offset: Int, _ body: (UnsafeMutableRawPointer) throws(CryptoError) -> Void
  ) throws(CryptoError) {
    unsafe try withUnsafeMutableBufferPointer { (bytes) throws(CryptoError) in
      guard let start = UnsafeMutableRawPointer(bytes.baseAddress) else { return }
      unsafe try body(start + offset)
    }
  }
}
