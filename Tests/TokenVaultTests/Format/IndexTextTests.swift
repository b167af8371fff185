import Testing

@testable import TokenVault
@testable import VaultCrypto

/// The plaintext of an index, byte by byte.
@Suite struct IndexTextTests {
  private let hash: IndexHash

  init() throws {
    hash = try IndexHash(
      DataKey.random(), StoreID.random(), snapshotSalt: [UInt8](repeating: 7, count: 24))
  }

  private func text(of records: [OAuthToken], size: Int) -> IndexText {
    var builder = IndexBuilder(hash)
    for (index, record) in records.enumerated() { builder.add(record, at: 100 * index) }
    return builder.finish(textSize: size)
  }

  private func plaintext(_ text: IndexText) -> [UInt8] {
    (0..<text.chunks).flatMap(text.text(ofChunk:))
  }

  private func records(_ count: Int) throws -> [OAuthToken] {
    try (1...count).map { number in
      try token(
        #"{"id":"\#(number)","user_name":"u\#(number % 7)","client_id":"c","refresh_token":"r\#(number)"}"#
      )
    }
  }

  private func entries(_ text: IndexText) -> [IndexEntry] {
    let bytes = plaintext(text)
    return (0..<text.layout.entries).map {
      IndexEntry(Array(bytes[text.layout.range(ofEntry: $0)]).span)
    }
  }

  @Test(arguments: [1, 5, 3000]) func everyKeyHasAnEntryAndTheyAreInOrder(_ count: Int) throws {
    let records = try records(count)
    let text = text(of: records, size: 100 * count + 60_000)
    #expect(text.layout.records == count && text.layout.entries == 4 * count)
    var expected: [(UInt32, UInt64)] = []
    for (index, record) in records.enumerated() {
      record.forEachSearchKey { kind, text, client in
        expected.append((hash.value(kind, text, client: client), UInt64(100 * index)))
      }
    }
    expected.sort { $0 < $1 }
    #expect(entries(text) == expected.map { IndexEntry(hash: $0.0, offset: $0.1) })
    let bytes = plaintext(text)
    #expect(bytes.count == text.layout.size)
    #expect(bytes[text.layout.entriesEnd...].allSatisfy { $0 == 0 })
    #expect(IndexLayout(bytes.span, textSize: text.layout.textSize) == text.layout)
  }

  @Test func aLookupHasTheHashesOfTheRecordsThatItMayFit() throws {
    func hashes(_ json: String) throws -> Set<UInt32> {
      var hashes: Set<UInt32> = []
      try token(json).forEachSearchKey { hashes.insert(hash.value($0, $1, client: $2)) }
      return hashes
    }
    func isFound(_ query: TokenQuery, _ json: String) throws -> Bool {
      try query.searchKeys.contains { try hashes(json).contains(hash.value(of: $0)) }
    }
    let user = TokenQuery(userName: "u")
    let pair = TokenQuery(userName: "u", clientID: "c")
    #expect(try isFound(user, #"{"user_name":"u","client_id":"c"}"#))
    #expect(try isFound(user, #"{"user_name":"u"}"#))
    #expect(try isFound(pair, #"{"user_name":"u","client_id":"c"}"#))
    #expect(try isFound(pair, #"{"user_name":"u"}"#), "a record without a client fits")
    #expect(try !isFound(pair, #"{"user_name":"u","client_id":"d"}"#))
    #expect(try !isFound(pair, #"{"user_name":"uc"}"#), "no two pairs are alike")
    #expect(try !isFound(TokenQuery(id: "u"), #"{"user_name":"u"}"#), "kinds differ")
    for field in ["grant_token", "refresh_token", "access_token"] {
      let query = try TokenQuery(matching: token(#"{"\#(field)":"t","client_id":"c"}"#))
      #expect(try isFound(query, #"{"\#(field)":"t","client_id":"c"}"#))
      #expect(try isFound(query, #"{"\#(field)":"t"}"#))
    }
    #expect(try token(#"{"user_name":"","client_id":"c"}"#).hasNoSearchKey)
  }

  @Test func theLengthTellsNothingOfTheNumberOfKeys() {
    for textSize in [65_537, 99_999, 1_000_003] {
      let sizes = stride(from: 0, through: textSize / 90, by: 7).map {
        IndexLayout(records: 0, entries: $0, textSize: textSize).size
      }
      #expect(Set(sizes) == [(textSize + 9) / 10], "up to 8 bytes for each 90 of text")
      let more = IndexLayout(records: 0, entries: textSize / 75, textSize: textSize)
      #expect(more.size == (textSize + 9) / 10 * 2)
    }
  }

  @Test func anOffsetHasAsFewBytesAsTheTextTakes() {
    let sizes = [(1, 4), (1 << 32 - 1, 4), (1 << 32, 5), (1 << 40, 6), (1 << 56, 8)]
    for (textSize, size) in sizes {
      #expect(IndexLayout(records: 0, entries: 0, textSize: textSize).offsetSize == size)
    }
  }

  /// With 5 bytes for an offset, entries lie across the borders of chunks.
  @Test(arguments: [1 << 20, 1 << 32]) func everyEntryBeginsInOneChunk(_ textSize: Int) {
    let layout = IndexLayout(records: 0, entries: 10_000, textSize: textSize)
    var next = 0
    for chunk in 0...layout.entriesEnd / MessageLayout.chunkSize {
      for place in layout.entries(inChunk: chunk) {
        #expect(place == next)
        #expect(layout.range(ofEntry: place).lowerBound / MessageLayout.chunkSize == chunk)
        next += 1
      }
    }
    #expect(next == 10_000 && layout.entries(inChunk: 100).isEmpty)
  }

  @Test func aHeadThatCannotBeIsRefused() {
    let layout = IndexLayout(records: 3, entries: 9, textSize: 70_000)
    #expect(IndexLayout(layout.head.span, textSize: 70_000) == layout)
    #expect(IndexLayout(layout.head.span, textSize: 70_001) == nil)
    #expect(IndexLayout(Array(layout.head.dropLast()).span, textSize: 70_000) == nil)
    for (records, entries) in [(3, 2), (3, 19), (70_001, 70_001), (.max, .max), (0, 1)] {
      let head = IndexLayout(records: records, entries: entries, textSize: 70_000).head
      #expect(IndexLayout(head.span, textSize: 70_000) == nil, "\(records), \(entries)")
    }
    for number in 0..<2 {
      var head = layout.head
      head[8 * number] = 0xFF
      #expect(IndexLayout(head.span, textSize: 70_000) == nil, "beyond 2^63")
    }
  }
}

extension OAuthToken {
  fileprivate var hasNoSearchKey: Bool {
    var count = 0
    forEachSearchKey { _, _, _ in count += 1 }
    return count == 0
  }
}
