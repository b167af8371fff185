import CBenchmark

/// AES-256-GCM alone, in messages of 16 KiB: key set once, buffers allocated before.
final class CipherFloor {
  static let name = "AES-256-GCM alone"

  private let plaintext: [UInt8]
  private(set) var ciphertext: [UInt8]
  private var opened: [UInt8]
  private var tags: [UInt8]

  init(size: Int) throws {
    plaintext = [UInt8](repeating: 5, count: size)
    ciphertext = [UInt8](repeating: 1, count: size)
    opened = ciphertext
    tags = [UInt8](repeating: 0, count: (size / 16_384 + 1) * 16)
    try seal()
  }

  func seal() throws { try check(aes_256_gcm(1, plaintext, &ciphertext, &tags, plaintext.count)) }

  func open() throws { try check(aes_256_gcm(0, ciphertext, &opened, &tags, plaintext.count)) }

  private func check(_ result: Int32) throws {
    guard result == 1 else { throw BenchmarkError("OpenSSL has refused") }
  }
}
