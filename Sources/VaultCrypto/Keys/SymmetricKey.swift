internal import Synchronization

/// A uniformly random key of exactly 32 bytes, or one derived so that an attacker cannot tell it from that.
///
/// No other number of bytes becomes a key: nothing is sealed under half a key, and no C function reads past the end of
/// one.
package struct SymmetricKey: Sendable {
  /// Bytes of a key.
  package static let size = 32

  let bytes: SecretBytes
  private let kept = KeptState()

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

  /// Keeps the state of HMAC-SHA-512 under the key from now on, for a caller that derives several keys from it, until
  /// `dropState`. It is worth as much as the key, and not in locked memory, so do not keep it for long.
  package func keepState() throws(CryptoError) {
    let state = try withSpan { (key) throws(CryptoError) in try HMACState(.sha512, key: key) }
    kept.state.withLock { $0 = state }
  }

  /// Drops what `keepState` keeps.
  package func dropState() { kept.state.withLock { $0 = nil } }

  /// Lends the state of HMAC under the key: the one that is kept, or one of its own.
  func withState<Result: Sendable>(
    _ digest: HKDF.Digest, _ body: (HMACState) throws(CryptoError) -> Result
  ) throws(CryptoError) -> Result {
    if digest == .sha512 {
      let result = try kept.state.withLock { (state) throws(CryptoError) in
        if let state { try body(state) } else { nil as Result? }
      }
      if let result { return result }
    }
    return try body(
      try withSpan { (key) throws(CryptoError) in try HMACState(digest, key: key) })
  }
}

/// What `keepState` keeps, for all copies of a key.
private final class KeptState: Sendable {
  let state = Mutex<HMACState?>(nil)
}
