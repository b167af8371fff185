internal import COpenSSL

extension Span<UInt8> {
  /// Whether both have the same bytes; the time that it takes tells nothing of them but their number.
  ///
  /// For a secret, and for what is computed with a key and compared with what others may have written.
  package func isEqualInConstantTime(to other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafeBytes { mine in
      unsafe other.withUnsafeBytes { theirs in
        unsafe CRYPTO_memcmp(mine.baseAddress, theirs.baseAddress, count) == 0
      }
    }
  }
}
