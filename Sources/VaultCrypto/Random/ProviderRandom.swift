internal import COpenSSL

/// The random generators of OpenSSL's providers (SP 800-90A), for a policy that allows no others.
enum ProviderRandom {
  private static let additionalSize = 32
  /// In bits: keys are of as many.
  private static let strength: UInt32 = 256

  /// Whether OpenSSL's configuration demands validated cryptography (`default_properties = fips=yes`).
  static let isDemanded = EVP_default_properties_is_fips_enabled(nil) == 1

  /// The generator of the calling thread.
  static func generator(for purpose: RandomBytes.Purpose) -> OpaquePointer? {
    switch purpose {
    case .published: unsafe RAND_get0_public(nil)
    case .secret: unsafe RAND_get0_private(nil)
    }
  }

  /// Fills memory. Fresh bytes of the kernel's go in as additional input, so that two copies of one generator, which
  /// have the same state, do not give the same bytes.
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
