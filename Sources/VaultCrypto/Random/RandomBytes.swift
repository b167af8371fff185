/// Random bytes for salts, identifiers and keys.
///
/// They come from the kernel, because OpenSSL's generator keeps its state in the memory of the process: two copies of
/// one process (a virtual machine that is resumed twice, a restored checkpoint) would draw the same salt, and so seal
/// two messages under one key and nonce.
package enum RandomBytes {
  /// What random bytes are for.
  enum Purpose {
    /// They may be seen: a salt or an identifier.
    case published
    /// They must stay secret: a key.
    case secret
  }

  /// `count` bytes that need not be kept secret.
  package static func make(count: Int) throws(CryptoError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    unsafe try bytes.withMutableMemory { (memory) throws(CryptoError) in
      unsafe try fill(memory, for: .published)
    }
    return bytes
  }

  /// Fills memory: from the kernel, or where a policy demands validated cryptography (FIPS 140) from OpenSSL's
  /// provider, with bytes of the kernel's as additional input.
  static func fill(
    _ memory: UnsafeMutableRawBufferPointer, for purpose: Purpose
  ) throws(CryptoError) {
    guard ProviderRandom.isDemanded else { return unsafe try KernelRandom.fill(memory) }
    unsafe try ProviderRandom.fill(memory, from: ProviderRandom.generator(for: purpose))
  }
}
