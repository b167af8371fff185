import Foundation
import Testing

@testable import VaultCrypto

/// Cobblestone-256 against `Fixtures/cobblestone/vectors.json`, which rests on an implementation we
/// did not write.
@Suite struct SealedMessageTests {
  let vectors: Vectors
  let key: MessageKey

  init() throws {
    let loaded = try Vectors.load()
    vectors = loaded
    key = MessageKey(
      try SymmetricKey(copying: loaded.key.bytes.span), context: Array(loaded.context.utf8))
  }

  /// Seals with the vectors' salt, in pieces of a size that goes up by `step`.
  private func sealed(_ text: [UInt8], pieces step: Int = 1 << 30) throws -> [UInt8] {
    var (message, start, size): ([UInt8], Int, Int) = ([], 0, step)
    let writer = try SealingWriter(key, salt: vectors.salt.bytes, to: &message)
    while text.count - start > size {
      try writer.append(text.span.extracting(start..<start + size), to: &message)
      (start, size) = (start + size, size + step)
    }
    #expect(try writer.finish(text.span.extracting(start...), to: &message) == message.count)
    return message
  }

  @Test func sealingWithTheVectorsSaltGivesTheVectorsMessages() throws {
    for vector in vectors.valid {
      let message = try sealed(pattern(vector.plaintextLength))
      #expect(message.count == vector.messageLength)
      #expect(message.count == MessageLayout.size(sealing: vector.plaintextLength))
      #expect(try Digest.sha256(message.span) == vector.messageSHA256.bytes)
      if let expected = vector.message { #expect(message == expected.bytes) }
    }
  }

  @Test(arguments: [1, 100, 16_383, 16_384, 16_385, 20_000])
  func theSizesOfThePiecesDoNotMatter(_ step: Int) throws {
    for count in [0, 1, 16_383, 16_384, 16_385, 40_000, 100_000] {
      let text = pattern(count)
      #expect(try sealed(text, pieces: step) == sealed(text), "\(count)")
    }
  }

  @Test func theVectorsMessagesOpenToTheirPlaintext() throws {
    for vector in vectors.valid {
      let message = try vector.message?.bytes ?? sealed(pattern(vector.plaintextLength))
      #expect(try Digest.sha256(message.span) == vector.messageSHA256.bytes)
      let opened = try OpeningReader.open(message.span, key)
      #expect(opened.count == vector.plaintextLength)
      #expect(try opened.withSpan { try Digest.sha256($0) } == vector.plaintextSHA256.bytes)
    }
  }

  @Test func aFreshSaltMakesEveryMessageDifferentAndEachOpens() throws {
    let first = try SealingWriter.seal(pattern(40).span, key)
    let second = try SealingWriter.seal(pattern(40).span, key)
    #expect(first != second)
    for message in [first, second] {
      let opened = try OpeningReader.open(message.span, key)
      #expect(opened.withSpan { $0.array } == pattern(40))
    }
  }

  /// The vectors' invalid cases, by their names.
  @Test func everyInvalidCaseOfTheVectorsIsRefusedWithItsReason() throws {
    let message = try sealed(pattern(16_394))
    let full = 16_400
    let first = Array(message[56..<56 + full])
    let second = Array(message[(56 + full)...])
    let prefix = Array(message[..<56])
    let cases: [String: ([UInt8], NotAuthentic)] = [
      "salt changed": (message.flipping(0), .commitment),
      "commitment changed": (message.flipping(30), .commitment),
      "first chunk changed": (message.flipping(56), .chunk(0)),
      "last byte changed": (message.flipping(message.count - 1), .chunk(1)),
      "last chunk missing": (Array(message[..<(56 + full)]), .length),
      "last chunk cut": (Array(message.dropLast()), .chunk(1)),
      "one byte more": (message + [0], .chunk(1)),
      "chunks swapped": (prefix + second + first, .chunk(0)),
      "header only": (prefix, .length),
      "empty": ([], .length),
    ]
    for (name, (changed, reason)) in cases {
      #expect(throws: CryptoError.notAuthentic(reason), "\(name)") {
        try OpeningReader.open(changed.span, key)
      }
    }
    let other = try SymmetricKey(copying: ([UInt8](repeating: 0, count: 31) + [1]).span)
    #expect(throws: CryptoError.notAuthentic(.commitment)) {
      try OpeningReader.open(message.span, MessageKey(other, context: key.context))
    }
    #expect(throws: CryptoError.notAuthentic(.commitment)) {
      let other = MessageKey(key.key, context: key.context + Array("!".utf8))
      return try OpeningReader.open(message.span, other)
    }
    let named = Set(cases.keys).union(["another key", "another context"])
    #expect(named == Set(vectors.invalid))
  }

  @Test func theDerivedKeysAreTheVectors() throws {
    let info =
      Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".utf8) + vectors.salt.bytes
      + key.context
    let derived = try HKDF.expand(key.key, info: info, count: 76).withSpan { $0.array }
    #expect(Array(derived[..<32]) == vectors.derived.key.bytes)
    #expect(Array(derived[32..<44]) == vectors.derived.baseNonce.bytes)
    #expect(Array(derived[44...]) == vectors.derived.commitment.bytes)
  }
}

struct Vectors: Decodable {
  struct Derived: Decodable {
    var key: Hex
    var baseNonce: Hex
    var commitment: Hex
  }
  struct Valid: Decodable {
    var plaintextLength: Int
    var plaintextSHA256: Hex
    var messageLength: Int
    var messageSHA256: Hex
    var message: Hex?

    enum CodingKeys: String, CodingKey {
      case plaintextLength, messageLength, message
      case plaintextSHA256 = "plaintextSha256"
      case messageSHA256 = "messageSha256"
    }
  }
  var key: Hex
  var salt: Hex
  var context: String
  var derived: Derived
  var valid: [Valid]
  var invalid: [String]

  enum CodingKeys: String, CodingKey {
    case key, salt, context, derived, valid
    case invalid = "invalidOf16394Bytes"
  }

  static func load() throws -> Vectors {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: root.appending(path: "Fixtures/cobblestone/vectors.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Vectors.self, from: data)
  }
}

func pattern(_ count: Int) -> [UInt8] {
  (0..<count).map { UInt8((7 * $0 + 3) % 251) }
}

extension [UInt8] {
  func flipping(_ index: Int) -> [UInt8] {
    var copy = self
    copy[index] ^= 1
    return copy
  }
}
