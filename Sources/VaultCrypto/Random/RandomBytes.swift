/// Random bytes for salts, identifiers and keys.
///
/// The kernel makes them, because OpenSSL's generator keeps its state in the memory of the process: two copies of one
/// process (a virtual machine that is resumed twice, a process image that is restored twice) would draw the same salt,
/// and so seal two messages under one key and nonce.
package enum RandomBytes {
  /// Whether an attacker may see the bytes. OpenSSL keeps a generator for each, so that published bytes reveal nothing
  /// of the state that makes keys.
  enum Purpose {
    /// A salt or an identifier.
    case published
    /// A key.
    case secret
  }

  /// Makes `count` bytes that may be published.
  ///
  /// - Throws: ``CryptoError/noRandomness(call:errno:)`` if the kernel fails; ``CryptoError/openSSL(call:reason:)``
  ///   if the provider does.
  package static func make(count: Int) throws(CryptoError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    unsafe try bytes.withMutableMemory { (memory) throws(CryptoError) in
      unsafe try fill(memory, for: .published)
    }
    return bytes
  }

  /// Fills memory from the kernel, or, if OpenSSL's configuration demands validated cryptography (FIPS 140), from its
  /// provider with the kernel's bytes as additional input.
  static func fill(
    _ memory: UnsafeMutableRawBufferPointer, for purpose: Purpose
  ) throws(CryptoError) {
    guard ProviderRandom.isDemanded else { return unsafe try KernelRandom.fill(memory) }
    unsafe try ProviderRandom.fill(memory, from: ProviderRandom.generator(for: purpose))
  }
}
