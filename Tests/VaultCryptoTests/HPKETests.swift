import Foundation
import Testing

@testable import VaultCrypto

/// HPKE against the vectors that RFC 9180 publishes for our suite.
@Suite struct HPKETests {
  struct Vector: Decodable {
    struct Encryption: Decodable { let aad, ct, pt: Hex }
    let info, ikmE, ikmR, skEm, pkEm, skRm, pkRm, enc, sharedSecret, key, baseNonce: Hex
    let encryptions: [Encryption]
  }

  let vector: Vector

  init() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(
        path: "Fixtures/hpke/rfc9180-base-x25519-aes256gcm.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    vector = try decoder.decode(Vector.self, from: Data(contentsOf: url))
  }

  private func pair(_ material: Hex) throws -> HPKE.KeyPair {
    try HPKE.KeyPair(derivedFrom: SymmetricKey(copying: material.bytes.span))
  }

  @Test func keyPairsAreDerivedAsTheVectorSays() throws {
    for (material, secret, open) in [
      (vector.ikmE, vector.skEm, vector.pkEm), (vector.ikmR, vector.skRm, vector.pkRm),
    ] {
      let pair = try pair(material)
      #expect(pair.privateKey.bytes.withSpan { $0.array } == secret.bytes)
      #expect(pair.publicKey == open.bytes)
    }
  }

  @Test func theKeyScheduleIsTheVectors() throws {
    let (once, recipient) = (try pair(vector.ikmE), try pair(vector.ikmR))
    let shared = try HPKE.sharedSecret(
      once.privateKey, recipient.publicKey, encapsulated: once.publicKey,
      recipient: recipient.publicKey)
    #expect(shared.withSpan { $0.array } == vector.sharedSecret.bytes)
    let schedule = try HPKE.Schedule(shared, vector.info.bytes)
    #expect(schedule.key.withSpan { $0.array } == vector.key.bytes)
    #expect(schedule.nonce == vector.baseNonce.bytes)
  }

  @Test func sealingGivesTheVectorsMessageAndItOpens() throws {
    let encryption = try #require(vector.encryptions.first)
    let recipient = try pair(vector.ikmR)
    let message = try HPKE.seal(
      encryption.pt.bytes.span, to: recipient.publicKey, info: vector.info.bytes,
      associatedData: encryption.aad.bytes, with: pair(vector.ikmE))
    #expect(message == vector.enc.bytes + encryption.ct.bytes)
    #expect(message.count == HPKE.size(sealing: encryption.pt.bytes.count))
    let opened = try HPKE.open(
      message.span, with: recipient, info: vector.info.bytes,
      associatedData: encryption.aad.bytes)
    #expect(opened.withSpan { $0.array } == encryption.pt.bytes)
  }

  @Test func whatWasChangedCutOrMeantForAnotherDoesNotOpen() throws {
    let recipient = try pair(vector.ikmR)
    let info = Array("info".utf8)
    let message = try HPKE.seal([1, 2, 3].span, to: recipient.publicKey, info: info)
    #expect(try HPKE.open(message.span, with: recipient, info: info).count == 3)
    for index in message.indices {
      var changed = message
      changed[index] ^= 1
      #expect(throws: CryptoError.self) {
        try HPKE.open(changed.span, with: recipient, info: info)
      }
    }
    for count in message.indices {
      let cut = Array(message[..<count])
      #expect(throws: CryptoError.self) { try HPKE.open(cut.span, with: recipient, info: info) }
    }
    #expect(throws: CryptoError.self) { try HPKE.open(message.span, with: recipient, info: []) }
    #expect(throws: CryptoError.self) {
      try HPKE.open(message.span, with: pair(vector.ikmE), info: info)
    }
  }

  @Test func aPublicKeyThatGivesNoSecretIsRefused() throws {
    let zeros = [UInt8](repeating: 0, count: 32)
    #expect(throws: CryptoError.self) { try HPKE.seal([1].span, to: zeros, info: []) }
    let message = zeros + [UInt8](repeating: 0, count: 17)
    let recipient = try pair(vector.ikmR)
    #expect(throws: CryptoError.notAuthentic(.commitment)) {
      try HPKE.open(message.span, with: recipient, info: [])
    }
  }
}
