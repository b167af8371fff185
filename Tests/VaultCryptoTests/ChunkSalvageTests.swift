import Testing

@testable import VaultCrypto

/// Chunks that are opened each by itself.
@Suite struct ChunkSalvageTests {
  private let key: SealingKey
  private let text = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

  init() throws {
    key = SealingKey(try .random(), context: Array("here".utf8))
  }

  private func opened(_ message: [UInt8], salt: [UInt8], _ key: SealingKey) throws -> [[UInt8]?] {
    let salvage = try ChunkSalvage(key, salt: salt)
    return try stride(from: 56, to: message.count, by: 16_400).enumerated().map { index, start in
      var chunk: [UInt8]?
      let end = min(start + 16_400, message.count)
      let isOpen = try salvage.open(index, message.span.extracting(start..<end)) {
        chunk = $0.array
      }
      #expect(isOpen == (chunk != nil))
      return chunk
    }
  }

  @Test func aChunkOpensAtItsPlaceWhateverIsDamagedElsewhereAndNowhereElse() throws {
    var message: [UInt8] = []
    try SealedMessage.append(sealing: text.span, key: key.key, context: key.context, to: &message)
    let salt = Array(message[..<24])
    message[30] ^= 1
    message[56 + 16_400 + 9] ^= 1
    let chunks = try opened(message, salt: salt, key)
    #expect(chunks == [Array(text[..<16_384]), nil, Array(text[32_768...])])
    let other = SealingKey(key.key, context: Array("there".utf8))
    #expect(try opened(message, salt: salt, other) == [nil, nil, nil])
    let salvage = try ChunkSalvage(key, salt: salt)
    let pieces = [(1, 0..<16_400), (0, 0..<16_399), (0, 0..<15), (0, 0..<0), (0, 0..<16_401)]
    for (index, piece) in pieces {
      let sealed = message.span.extracting(56 + piece.lowerBound..<56 + piece.upperBound)
      let isOpen = try salvage.open(index, sealed)
      #expect(!isOpen, "\(piece) as chunk \(index)")
    }
  }

  @Test func theCommitmentTellsASaltInWhichOneByteIsAnother() throws {
    var message: [UInt8] = []
    try SealedMessage.append(sealing: text.span, key: key.key, context: key.context, to: &message)
    let salt = Array(message[..<24])
    func found(_ message: [UInt8]) throws -> [UInt8]? {
      try ChunkSalvage.salt(committedIn: message.span.extracting(0..<56), key)
    }
    #expect(try found(message) == salt)
    for place in [0, 11, 23] {
      var changed = message
      changed[place] ^= 0xA5
      #expect(try found(changed) == salt)
      changed[(place + 1) % 24] ^= 1
      #expect(try found(changed) == nil)
    }
    message[50] ^= 1
    #expect(try found(message) == nil)
  }
}
