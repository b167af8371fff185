/// HPKE (RFC 9180) in base mode, with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, for one
/// message: what is sealed to a public key opens with its private key alone.
package enum HPKE {
  /// The pair of keys of whoever can open.
  package struct KeyPair: Sendable {
    let privateKey: SecretBytes
    /// 32 bytes, not secret.
    package let publicKey: [UInt8]

    init(privateKey: SecretBytes) throws(CryptoError) {
      self.privateKey = privateKey
      publicKey = try X25519.publicKey(of: privateKey)
    }

    /// DeriveKeyPair (section 7.1.3) from 32 bytes of entropy.
    package init(derivedFrom material: SymmetricKey) throws(CryptoError) {
      var input = material.withSpan { $0.array }
      defer { input.cleanse() }
      let key = try Labeled.kem.extract(salt: nil, "dkp_prk", input)
      try self.init(privateKey: Labeled.kem.expand(key, "sk", [], count: X25519.keySize))
    }
  }

  /// Bytes of a public key, and of what a message has in front: another public key.
  package static let publicKeySize = X25519.keySize

  /// The bytes of a message that seals `count` bytes.
  package static func size(sealing count: Int) -> Int {
    publicKeySize + count + ChunkCipher.tagSize
  }

  /// Seals to a public key, bound to `info`: the encapsulated key (32 bytes), then the ciphertext.
  package static func seal(
    _ plaintext: Span<UInt8>, to publicKey: [UInt8], info: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let once = try KeyPair(derivedFrom: .random())
    return try seal(plaintext, to: publicKey, info: info, with: once)
  }

  /// Seals with an ephemeral pair and associated data of the caller's: for test vectors.
  static func seal(
    _ plaintext: Span<UInt8>, to publicKey: [UInt8], info: [UInt8], associatedData: [UInt8] = [],
    with once: KeyPair
  ) throws(CryptoError) -> [UInt8] {
    let shared = try sharedSecret(once.privateKey, publicKey, once.publicKey, publicKey)
    let cipher = try Schedule(shared, info).cipher(.seal, associatedData)
    var message = once.publicKey
    message.append(contentsOf: repeatElement(0, count: plaintext.count + ChunkCipher.tagSize))
    unsafe try message.withMutableChunk(publicKeySize) { (output) throws(CryptoError) in
      unsafe try plaintext.withUnsafePointer { (input) throws(CryptoError) in
        unsafe try cipher.seal(chunk: 0, input, to: output)
      }
    }
    return message
  }

  /// Opens what was sealed to this pair's public key and bound to `info`; throws
  /// `CryptoError.notAuthentic` where that is not so.
  package static func open(
    _ message: Span<UInt8>, with pair: KeyPair, info: [UInt8], associatedData: [UInt8] = []
  ) throws(CryptoError) -> SecretBytes {
    let size = message.count - publicKeySize - ChunkCipher.tagSize
    guard size >= 0 else { throw .notAuthentic(.length) }
    let once = message.extracting(0..<publicKeySize).array
    let shared = try sharedSecret(pair.privateKey, once, once, pair.publicKey)
    let cipher = try Schedule(shared, info).cipher(.open, associatedData)
    let sealed = message.extracting(publicKeySize..<message.count)
    return unsafe try SecretBytes(count: size) { (output) throws(CryptoError) in
      guard let room = output.baseAddress else { return }
      unsafe try sealed.withUnsafePointer { (input) throws(CryptoError) in
        unsafe try cipher.open(chunk: 0, input, to: room)
      }
    }
  }

  /// ExtractAndExpand of the Diffie-Hellman result (section 4.1).
  static func sharedSecret(
    _ mine: SecretBytes, _ theirs: [UInt8], _ encapsulated: [UInt8], _ recipient: [UInt8]
  ) throws(CryptoError) -> SecretBytes {
    let agreed = try X25519.sharedSecret(mine, theirs)
    var input = agreed.withSpan { $0.array }
    defer { input.cleanse() }
    let key = try Labeled.kem.extract(salt: nil, "eae_prk", input)
    return try Labeled.kem.expand(key, "shared_secret", encapsulated + recipient, count: 32)
  }

  /// KeySchedule (section 5.1) of the base mode: the pre-shared key and its id are empty.
  struct Schedule {
    let key: SymmetricKey
    let nonce: SecretBytes

    init(_ sharedSecret: SecretBytes, _ info: [UInt8]) throws(CryptoError) {
      let labeled = Labeled.suite
      var context: [UInt8] = [0]  // mode_base
      for (label, value) in [("psk_id_hash", []), ("info_hash", info)] {
        context += try labeled.extract(salt: nil, label, value).withSpan { $0.array }
      }
      let secret = try labeled.extract(salt: sharedSecret, "secret", [])
      key = try SymmetricKey(labeled.expand(secret, "key", context, count: SymmetricKey.size))
      nonce = try labeled.expand(secret, "base_nonce", context, count: 12)
    }

    func cipher(
      _ direction: ChunkCipher.Direction, _ associatedData: [UInt8]
    ) throws(CryptoError) -> ChunkCipher {
      let nonce = nonce.withSpan { $0.array }
      return try key.withSpan { (span) throws(CryptoError) in
        unsafe try span.withUnsafePointer { (all) throws(CryptoError) in
          guard let key = unsafe all.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            throw .outOfMemory(bytes: 32)
          }
          return unsafe try ChunkCipher(
            direction, key: key, baseNonce: nonce, associatedData: associatedData)
        }
      }
    }
  }

  /// LabeledExtract and LabeledExpand (section 4) for one suite id.
  private struct Labeled {
    let suiteID: [UInt8]

    static let kem = Labeled(suiteID: Array("KEM".utf8) + [0x00, 0x20])
    static let suite = Labeled(
      suiteID: Array("HPKE".utf8) + [0x00, 0x20, 0x00, 0x01, 0x00, 0x02])
    private static let version = Array("HPKE-v1".utf8)

    func extract(
      salt: SecretBytes?, _ label: String, _ input: [UInt8]
    ) throws(CryptoError) -> SecretBytes {
      var labeled = Self.version + suiteID + Array(label.utf8) + input
      defer { labeled.cleanse() }
      guard let salt else {
        let empty: [UInt8] = []
        return try KeyDerivation.extract(salt: empty.span, labeled, digest: .sha256)
      }
      return try salt.withSpan { (salt) throws(CryptoError) in
        try KeyDerivation.extract(salt: salt, labeled, digest: .sha256)
      }
    }

    func expand(
      _ key: SecretBytes, _ label: String, _ info: [UInt8], count: Int
    ) throws(CryptoError) -> SecretBytes {
      let length = [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
      let labeled = length + Self.version + suiteID + Array(label.utf8) + info
      return try KeyDerivation.expand(key, info: labeled, count: count, digest: .sha256)
    }
  }
}
