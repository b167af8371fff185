internal import Glibc

extension Span<UInt8> {
  /// A copy of the bytes.
  package var array: [UInt8] {
    unsafe withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// Whether both have the same bytes. Not in constant time: for what is no secret.
  package func isEqual(to other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafeBytes { mine in
      unsafe other.withUnsafeBytes { theirs in
        guard let mine = mine.baseAddress, let theirs = theirs.baseAddress else { return true }
        return unsafe memcmp(mine, theirs, count) == 0
      }
    }
  }

  /// `withUnsafeBytes`, with the error's type kept.
  func withUnsafePointer<Result>(
    _ body: (UnsafeRawBufferPointer) throws(CryptoError) -> Result
  ) throws(CryptoError) -> Result {
    unsafe try withUnsafeBytes(body)
  }
}

extension [UInt8] {
  /// Appends a copy of the bytes.
  package mutating func append(contentsOf bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// `withUnsafeMutableBytes`, with the error's type kept.
  mutating func withMutableMemory(
    _ body: (UnsafeMutableRawBufferPointer) throws(CryptoError) -> Void
  ) throws(CryptoError) {
    unsafe try withUnsafeMutableBufferPointer { (bytes) throws(CryptoError) in
      unsafe try body(UnsafeMutableRawBufferPointer(bytes))
    }
  }

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
