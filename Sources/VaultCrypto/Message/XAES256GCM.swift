internal import Synchronization

/// XAES-256-GCM (c2sp.org/XAES-256-GCM): an AEAD whose 192-bit nonces may be drawn at random for practically any number of
/// messages under one key.
///
/// Each message is sealed by AES-256-GCM under a key of its own, which SP 800-108r1's counter KDF over CMAC-AES256 derives
/// from the key and the first half of the nonce: two AES blocks, where Cobblestone-256 takes an HKDF. It does not commit to
/// its key by itself: use it only under a key whose commitment was checked by other means.
package final class XAES256GCM: Sendable {
  /// Bytes of a nonce.
  package static let nonceSize = 24
  /// Bytes of the tag behind the ciphertext.
  package static let tagSize = AESGCM.tagSize

  /// The bytes of a nonce that the message's key is derived from; the others are the nonce of its AES-256-GCM.
  private static let derivingSize = nonceSize - AESGCM.nonceSize

  private let cipher: Mutex<AESBlocks>
  /// The first subkey of CMAC (SP 800-38B).
  private let subkey: SecretBytes

  package init(_ key: SymmetricKey) throws(CryptoError) {
    let blocks = try AESBlocks(key)
    subkey = try Self.subkey(blocks)
    cipher = Mutex(blocks)
  }

  /// K1: the encryption of zeros, doubled in GF(2^128).
  private static func subkey(_ blocks: AESBlocks) throws(CryptoError) -> SecretBytes {
    let zeros = [UInt8](repeating: 0, count: AESBlocks.size)
    return unsafe try SecretBytes(count: zeros.count) { (output) throws(CryptoError) in
      unsafe try blocks.encrypt(zeros, to: output)
      var carry: UInt8 = 0
      for index in zeros.indices.reversed() {
        let byte = unsafe output[index]
        unsafe output[index] = byte << 1 | carry
        carry = byte >> 7
      }
      // In constant time: the carry is a bit that depends on the key.
      unsafe output[AESBlocks.size - 1] ^= 0x87 & (0 &- carry)
    }
  }

  /// Appends a plaintext, sealed, and its tag.
  ///
  /// - Parameters:
  ///   - plaintext: What to seal.
  ///   - nonce: ``nonceSize`` bytes that no other message under this key has.
  ///   - associatedData: What is authenticated, and not sealed.
  ///   - output: Where to append.
  package func seal(
    _ plaintext: Span<UInt8>, nonce: Span<UInt8>, associatedData: [UInt8],
    to output: inout [UInt8]
  ) throws(CryptoError) {
    try message(.seal, nonce, associatedData).seal(chunk: 0, plaintext, to: &output)
  }

  /// Opens what `seal` has appended.
  ///
  /// - Throws: `CryptoError.notAuthentic` if any byte is another than was sealed.
  package func open(
    _ sealed: Span<UInt8>, nonce: Span<UInt8>, associatedData: [UInt8]
  ) throws(CryptoError) -> SecretBytes {
    guard sealed.count >= Self.tagSize else { throw .notAuthentic(.length) }
    let message = try message(.open, nonce, associatedData)
    return unsafe try SecretBytes(count: sealed.count - Self.tagSize) {
      (output) throws(CryptoError) in
      unsafe try message.open(chunk: 0, sealed, to: output)
    }
  }

  private func message(
    _ direction: AESGCM.Direction, _ nonce: Span<UInt8>, _ associatedData: [UInt8]
  ) throws(CryptoError) -> AESGCM {
    guard nonce.count == Self.nonceSize else { throw .notAuthentic(.length) }
    let base = nonce.extracting(Self.derivingSize...).array
    return try messageKey(nonce).withSpan { (key) throws(CryptoError) in
      try AESGCM(direction, key: key, baseNonce: base, associatedData: associatedData)
    }
  }

  /// The key of the message with this nonce: 32 bytes.
  func messageKey(_ nonce: Span<UInt8>) throws(CryptoError) -> SecretBytes {
    var input: [UInt8] = []
    defer { input.cleanse() }
    input.reserveCapacity(SymmetricKey.size)
    for counter: UInt8 in 1...2 {
      input += [0, counter, 0x58, 0]
      input.append(contentsOf: nonce.extracting(..<Self.derivingSize))
    }
    subkey.withSpan { subkey in
      for index in input.indices { input[index] ^= subkey[index % AESBlocks.size] }
    }
    return unsafe try SecretBytes(count: SymmetricKey.size) { (output) throws(CryptoError) in
      try cipher.withLock { (cipher) throws(CryptoError) in
        unsafe try cipher.encrypt(input, to: output)
      }
    }
  }
}
