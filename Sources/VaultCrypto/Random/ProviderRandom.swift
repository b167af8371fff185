internal import COpenSSL

/// The random generators of OpenSSL's providers (NIST SP 800-90A), for a system that allows only validated
/// cryptography.
enum ProviderRandom {
  /// In bytes.
  private static let additionalSize = 32
  /// The security strength that is asked of the generator, in bits: that of the keys.
  private static let strength: UInt32 = 256

  /// Whether OpenSSL's configuration demands validated cryptography (`default_properties = fips=yes`).
  static let isDemanded = EVP_default_properties_is_fips_enabled(nil) == 1

  /// The generator of the calling thread; nil if the provider has none.
  static func generator(for purpose: RandomBytes.Purpose) -> OpaquePointer? {
    switch purpose {
    case .published: unsafe RAND_get0_public(nil)
    case .secret: unsafe RAND_get0_private(nil)
    }
  }

  /// Fills memory. Fresh bytes of the kernel's are the additional input: two copies of one process have the same
  /// generator state, and must not draw the same bytes.
  ///
  /// - Throws: ``CryptoError/noRandomness(call:errno:)`` from the kernel; ``CryptoError/openSSL(call:reason:)`` if
  ///   there is no generator, or it fails.
  static func fill(
    _ memory: UnsafeMutableRawBufferPointer, from generator: OpaquePointer?
  ) throws(CryptoError) {
    var additional = [UInt8](repeating: 0, count: additionalSize)
    defer { additional.cleanse() }
    unsafe try additional.withMutableMemory { (bytes) throws(CryptoError) in
      unsafe try KernelRandom.fill(bytes)
    }
    let output = unsafe memory.baseAddress?.assumingMemoryBound(to: UInt8.self)
    guard let generator = unsafe generator,
      unsafe EVP_RAND_generate(
        generator, output, memory.count, strength, 0, additional, additional.count) == 1
    else { throw OpenSSL.error("EVP_RAND_generate") }
  }
}
