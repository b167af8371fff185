/// HPKE (RFC 9180) in base mode, with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, for one message: what is
/// sealed to a public key opens with its private key alone.
package enum HPKE {
  /// The two keys of the recipient.
  package struct KeyPair: Sendable {
    let privateKey: X25519.PrivateKey
    /// 32 bytes, not secret.
    package let publicKey: [UInt8]

    /// DeriveKeyPair (section 7.1.3) from 32 bytes of entropy.
    package init(derivedFrom material: SymmetricKey) throws(CryptoError) {
      let key = try Labeled.kem.extract(salt: nil, "dkp_prk", material.bytes)
      privateKey = X25519.PrivateKey(
        bytes: try Labeled.kem.expand(key, "sk", [], count: X25519.keySize))
      publicKey = try privateKey.publicKey()
    }
  }

  /// Bytes of a public key, and of the encapsulated key that a message begins with.
  package static let publicKeySize = X25519.keySize

  /// The bytes of a message that seals `count` bytes.
  package static func size(sealing count: Int) -> Int {
    publicKeySize + count + AESGCM.tagSize
  }

  /// Seals to a public key, bound to `info`: the encapsulated key (32 bytes), then the ciphertext.
  package static func seal(
    _ plaintext: Span<UInt8>, to publicKey: [UInt8], info: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let ephemeral = try KeyPair(derivedFrom: .random())
    return try seal(plaintext, to: publicKey, info: info, with: ephemeral)
  }

  /// Seals with an ephemeral pair and associated data of the caller's: for test vectors.
  static func seal(
    _ plaintext: Span<UInt8>, to publicKey: [UInt8], info: [UInt8], associatedData: [UInt8] = [],
    with ephemeral: KeyPair
  ) throws(CryptoError) -> [UInt8] {
    let shared = try sharedSecret(
      ephemeral.privateKey, publicKey, encapsulated: ephemeral.publicKey, recipient: publicKey)
    var message = ephemeral.publicKey
    try Schedule(shared, info).cipher(.seal, associatedData)
      .seal(chunk: 0, plaintext, to: &message)
    return message
  }

  /// Opens a message that was sealed to this pair's public key and bound to `info`.
  ///
  /// - Throws: `CryptoError.notAuthentic` if it was not.
  package static func open(
    _ message: Span<UInt8>, with pair: KeyPair, info: [UInt8], associatedData: [UInt8] = []
  ) throws(CryptoError) -> SecretBytes {
    let size = message.count - publicKeySize - AESGCM.tagSize
    guard size >= 0 else { throw .notAuthentic(.length) }
    let encapsulated = message.extracting(..<publicKeySize).array
    let shared = try sharedSecret(
      pair.privateKey, encapsulated, encapsulated: encapsulated, recipient: pair.publicKey)
    let cipher = try Schedule(shared, info).cipher(.open, associatedData)
    var text = try SecretBuffer(count: size)
    unsafe try text.fill(0..<size) { (room) throws(CryptoError) in
      unsafe try cipher.open(chunk: 0, message.extracting(publicKeySize...), to: room)
    }
    return text.finish()
  }

  /// ExtractAndExpand of the Diffie-Hellman result (section 4.1).
  static func sharedSecret(
    _ mine: X25519.PrivateKey, _ theirs: [UInt8], encapsulated: [UInt8], recipient: [UInt8]
  ) throws(CryptoError) -> SymmetricKey {
    let key = try Labeled.kem.extract(
      salt: nil, "eae_prk", mine.sharedSecret(with: theirs))
    return try SymmetricKey(
      Labeled.kem.expand(
        key, "shared_secret", encapsulated + recipient, count: SymmetricKey.size))
  }

  /// KeySchedule (section 5.1) of the base mode: the pre-shared key and its id are empty.
  struct Schedule {
    let key: SymmetricKey
    let nonce: [UInt8]

    init(_ sharedSecret: SymmetricKey, _ info: [UInt8]) throws(CryptoError) {
      let labeled = Labeled.suite
      let none = try SecretBytes(copying: [UInt8]().span)
      let context =
        try [0]  // mode_base
        + labeled.extract(salt: nil, "psk_id_hash", none).withSpan { $0.array }
        + labeled.extract(salt: nil, "info_hash", SecretBytes(copying: info.span))
        .withSpan { $0.array }
      let secret = try labeled.extract(salt: sharedSecret, "secret", none)
      key = try SymmetricKey(labeled.expand(secret, "key", context, count: SymmetricKey.size))
      nonce = try labeled.expand(secret, "base_nonce", context, count: AESGCM.nonceSize)
        .withSpan { $0.array }
    }

    func cipher(
      _ direction: AESGCM.Direction, _ associatedData: [UInt8]
    ) throws(CryptoError) -> AESGCM {
      try key.withSpan { (key) throws(CryptoError) in
        try AESGCM(direction, key: key, baseNonce: nonce, associatedData: associatedData)
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
      salt: SymmetricKey?, _ label: String, _ input: SecretBytes
    ) throws(CryptoError) -> SymmetricKey {
      var labeled = Self.version + suiteID + Array(label.utf8)
      labeled.makeRoom(for: input.count)
      input.withSpan { labeled.append(contentsOf: $0) }
      defer { labeled.cleanse() }
      return try HKDF.extract(salt: salt, labeled)
    }

    func expand(
      _ key: SymmetricKey, _ label: String, _ info: [UInt8], count: Int
    ) throws(CryptoError) -> SecretBytes {
      let length = [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
      let labeled = length + Self.version + suiteID + Array(label.utf8) + info
      return try HKDF.expand(key, info: labeled, count: count, digest: .sha256)
    }
  }
}
