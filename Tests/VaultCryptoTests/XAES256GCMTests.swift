import Foundation
import Testing

@testable import VaultCrypto

/// XAES-256-GCM against the vectors that C2SP publishes.
@Suite struct XAES256GCMTests {
  struct Vectors: Decodable {
    struct Vector: Decodable {
      let key, nonce, messageKey, plaintext, aad, ciphertext: Hex
    }
    let vectors: [Vector]
    let accumulated: [String: Hex]
  }

  let published: Vectors

  init() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/xaes/vectors.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    published = try decoder.decode(Vectors.self, from: Data(contentsOf: url))
  }

  private func seal(
    _ key: [UInt8], _ nonce: [UInt8], _ plaintext: [UInt8], _ aad: [UInt8]
  ) throws -> [UInt8] {
    var output: [UInt8] = []
    try XAES256GCM(SymmetricKey(copying: key.span)).seal(
      plaintext.span, nonce: nonce.span, associatedData: aad, to: &output)
    return output
  }

  @Test func thePublishedMessagesAreSealedAndOpened() throws {
    #expect(published.vectors.count == 2)
    for vector in published.vectors {
      let aead = try XAES256GCM(SymmetricKey(copying: vector.key.bytes.span))
      let key = try aead.messageKey(vector.nonce.bytes.span)
      #expect(key.withSpan { $0.array } == vector.messageKey.bytes)
      let sealed = try seal(
        vector.key.bytes, vector.nonce.bytes, vector.plaintext.bytes, vector.aad.bytes)
      #expect(sealed == vector.ciphertext.bytes)
      let opened = try aead.open(
        sealed.span, nonce: vector.nonce.bytes.span, associatedData: vector.aad.bytes)
      #expect(opened.withSpan { $0.array } == vector.plaintext.bytes)
    }
  }

  @Test func theAccumulatedRandomTestIsThePublishedOne() throws {
    var random = SHAKE128(absorbing: [])
    var all: [UInt8] = []
    func size() -> Int { Int(random.squeeze(1)[0]) }
    for _ in 0..<10_000 {
      let (key, nonce) = (random.squeeze(32), random.squeeze(24))
      let plaintext = random.squeeze(size())
      let aad = random.squeeze(size())
      all += try seal(key, nonce, plaintext, aad)
    }
    var result = SHAKE128(absorbing: all)
    #expect(result.squeeze(32) == published.accumulated["10000"]?.bytes)
  }

  @Test func aMessageWithAnyByteChangedDoesNotOpen() throws {
    let aead = try XAES256GCM(.random())
    let nonce = try RandomBytes.make(count: XAES256GCM.nonceSize)
    var sealed: [UInt8] = []
    try aead.seal([1, 2, 3].span, nonce: nonce.span, associatedData: [4, 5], to: &sealed)
    func opens(_ sealed: [UInt8], _ nonce: [UInt8], _ aad: [UInt8]) -> Bool {
      (try? aead.open(sealed.span, nonce: nonce.span, associatedData: aad)) != nil
    }
    #expect(opens(sealed, nonce, [4, 5]))
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 0x10
      #expect(!opens(changed, nonce, [4, 5]), "byte \(index)")
      #expect(!opens(Array(sealed[..<index]), nonce, [4, 5]), "cut at \(index)")
    }
    for index in nonce.indices {
      var changed = nonce
      changed[index] ^= 1
      #expect(!opens(sealed, changed, [4, 5]), "byte \(index) of the nonce")
    }
    #expect(!opens(sealed, nonce, [4, 6]) && !opens(sealed, nonce, []))
    #expect(!opens(sealed, Array(nonce.dropLast()), [4, 5]))
  }
}
