import Testing

@testable import VaultCrypto

/// Chunks that are opened each by itself.
@Suite struct OpeningReaderTests {
  private let key: MessageKey
  private let text = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

  init() throws {
    key = MessageKey(try .random(), context: Array("here".utf8))
  }

  private var chunks: [[UInt8]] {
    stride(from: 0, to: text.count, by: 16_384).map { Array(text[$0..<min($0 + 16_384, 40_000)]) }
  }

  /// The texts of the chunks with these indices; nil for those that are not authentic.
  private func opened(
    _ indices: some Sequence<Int>, of message: [UInt8], _ reader: OpeningReader
  ) throws -> [[UInt8]?] {
    let layout = try MessageLayout(size: message.count)
    return try indices.map { index in
      do throws(CryptoError) {
        try reader.open(index, message.span.extracting(layout.range(ofChunk: index)))
        return reader.text
      } catch .notAuthentic(.chunk(index)) {
        return nil
      }
    }
  }

  @Test func chunksOpenInAnyOrder() throws {
    let message = try SealingWriter.seal(text.span, key)
    let reader = try OpeningReader(key, prefix: message.span)
    let order = [2, 0, 1, 1, 2, 2, 0]
    #expect(try opened(order, of: message, reader) == order.map { chunks[$0] })
  }

  @Test func aChunkOpensAtItsPlaceWhateverIsDamagedElsewhereAndNowhereElse() throws {
    var message = try SealingWriter.seal(text.span, key)
    let salt = Array(message[..<24])
    message[30] ^= 1
    message[56 + 16_400 + 9] ^= 1
    let reader = try OpeningReader(key, salt: salt)
    #expect(try opened(0..<3, of: message, reader) == [chunks[0], nil, chunks[2]])
    #expect(throws: CryptoError.notAuthentic(.commitment)) {
      try OpeningReader(key, prefix: message.span)
    }
    let other = try OpeningReader(MessageKey(key.key, context: Array("there".utf8)), salt: salt)
    #expect(try opened(0..<3, of: message, other) == [nil, nil, nil])
    let pieces = [(1, 0..<16_400), (0, 0..<16_399), (0, 0..<15), (0, 0..<0), (0, 0..<16_401)]
    for (index, piece) in pieces {
      let sealed = message.span.extracting(56 + piece.lowerBound..<56 + piece.upperBound)
      #expect(throws: CryptoError.notAuthentic(.chunk(index)), "\(piece)") {
        try reader.open(index, sealed)
      }
      let text = reader.text
      #expect(Set(text).isSubset(of: [0]), "\(piece)")
    }
  }

  @Test func theCommitmentTellsASaltInWhichOneByteIsAnother() throws {
    var message = try SealingWriter.seal(text.span, key)
    let salt = Array(message[..<24])
    func found(_ message: [UInt8]) throws -> [UInt8]? {
      try key.salt(committedIn: message.span.extracting(0..<56))
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
