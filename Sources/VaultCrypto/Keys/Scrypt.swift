internal import COpenSSL

/// Keys from passphrases: scrypt (RFC 7914).
package enum Scrypt {
  /// How much work a guess costs: N = 2^`exponent`, r = 8, p = 1, so 1 KiB × 2^`exponent` of memory.
  package struct Cost: Sendable, Equatable {
    /// The logarithm of N to the base 2.
    package let exponent: Int

    /// What a header may ask for. Less is too cheap to guess against; more is a denial of service by a foreign file (18
    /// is 256 MiB and some tenths of a second, 20 would be 1 GiB and up to half a minute).
    package static let limits = 15...18
    /// The cost of new passphrases: 128 MiB and a third of a second.
    package static let standard = Cost(unchecked: 17)

    /// Nil beyond the limits.
    package init?(exponent: Int) {
      guard Self.limits.contains(exponent) else { return nil }
      self.exponent = exponent
    }

    /// Any exponent: for the vectors of RFC 7914.
    init(unchecked exponent: Int) { self.exponent = exponent }
  }

  /// Bytes of a salt.
  package static let saltSize = 16
  private static let blockSize: UInt64 = 8

  /// The key of a passphrase.
  package static func derive(
    _ passphrase: SecretBytes, salt: [UInt8], cost: Cost
  ) throws(CryptoError) -> SymmetricKey {
    let rounds: UInt64 = 1 << UInt64(cost.exponent)
    // RFC 7914, section 5, and a little for OpenSSL's own accounting.
    let memory = 128 * blockSize * (rounds + 16)
    let key = unsafe try SecretBytes(count: SymmetricKey.size) { output throws(CryptoError) in
      let start = unsafe output.baseAddress?.assumingMemoryBound(to: UInt8.self)
      let done = passphrase.withSpan { text in
        unsafe text.withUnsafeBytes { text in
          unsafe EVP_PBE_scrypt(
            text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, salt, salt.count,
            rounds, blockSize, 1, memory, start, output.count)
        }
      }
      guard done == 1 else { throw OpenSSL.error("EVP_PBE_scrypt") }
    }
    return try SymmetricKey(key)
  }
}
