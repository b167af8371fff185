/// Secret bytes that are still being filled, in any order; zeros at first.
package struct SecretBuffer: ~Copyable {
  private let bytes: SecretBytes

  /// The number of bytes.
  package var count: Int { bytes.count }

  /// Makes room for `count` bytes.
  ///
  /// - Throws: `CryptoError.outOfMemory`.
  package init(count: Int) throws(CryptoError) {
    bytes = unsafe try SecretBytes(count: count) { _ in }
  }

  /// Lets `body` write a range of the bytes.
  mutating func fill(
    _ range: Range<Int>, _ body: (UnsafeMutableRawBufferPointer) throws(CryptoError) -> Void
  ) throws(CryptoError) {
    unsafe try body(UnsafeMutableRawBufferPointer(rebasing: bytes.memory[range]))
  }

  /// The bytes, which nothing changes any more.
  package consuming func finish() -> SecretBytes { bytes }
}
