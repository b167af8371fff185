/// A uniformly random key of exactly 32 bytes, or one derived so that an attacker cannot tell it from that.
///
/// No other number of bytes becomes a key: nothing is sealed under half a key, and no C function reads past the end of
/// one.
package struct SymmetricKey: Sendable {
  /// Bytes of a key.
  package static let size = 32

  let bytes: SecretBytes

  /// The key of these bytes.
  ///
  /// - Throws: `CryptoError.keySize` unless there are 32 of them.
  package init(_ bytes: SecretBytes) throws(CryptoError) {
    guard bytes.count == Self.size else { throw .keySize(bytes: bytes.count) }
    self.bytes = bytes
  }

  /// The key of a copy of these bytes, which the caller cleanses.
  ///
  /// - Throws: `CryptoError.keySize` unless there are 32 of them.
  package init(copying bytes: Span<UInt8>) throws(CryptoError) {
    try self.init(SecretBytes(copying: bytes))
  }

  /// A new random key (see ``RandomBytes``).
  package static func random() throws(CryptoError) -> SymmetricKey {
    try SymmetricKey(.random(count: size))
  }

  /// Lends the 32 bytes for the length of `body`.
  package func withSpan<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try bytes.withSpan(body)
  }
}
