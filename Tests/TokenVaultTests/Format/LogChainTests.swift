import Testing

@testable import TokenVault
@testable import VaultCrypto

@Suite struct LogChainTests: LogChainSuite {
  let key: DataKey
  let store: StoreID

  init() throws {
    key = try .random()
    store = try .random()
  }

  @Test func whatWasSealedOpensInItsOrder() throws {
    let texts = [
      "", "a", String(repeating: "b", count: 16_384), String(repeating: "c", count: 40_000),
    ]
    var (writer, reader) = (snapshot, snapshot)
    for (index, text) in texts.enumerated() {
      let commit = try writer.seal(Array(text.utf8).span, key)
      #expect(commit.count == LogFrame.size(sealing: text.utf8.count))
      #expect(try open(commit, in: &reader) == text)
      #expect(reader.count == UInt64(index + 1) && writer.count == reader.count)
    }
  }

  @Test func theSameTextIsNeverSealedTheSame() throws {
    let (one, other) = (try sealed("a")[0], try sealed("a")[0])
    #expect(one[..<32] == other[..<32])
    #expect(one[32...] != other[32...])
  }

  @Test func aCommitOpensAtNoOtherPlace() throws {
    let commits = try sealed("a", "b", "c")
    let (a, b, c) = (commits[0], commits[1], commits[2])
    #expect(try opens(a, behind: []) && opens(b, behind: [a]) && opens(c, behind: [a, b]))
    #expect(try !opens(b, behind: []), "skipped one")
    #expect(try !opens(c, behind: []), "skipped two")
    #expect(try !opens(c, behind: [a]), "skipped one behind another")
    #expect(try !opens(a, behind: [a]), "repeated")
    #expect(try !opens(b, behind: [a, b]), "repeated behind another")
    #expect(try !opens(a, behind: [a, b, c]), "put behind all")
    let others = try sealed("a", "b", "c")
    #expect(try !opens(others[1], behind: [a]), "of another history")
    #expect(try !opens(b, behind: [others[0]]), "behind one of another history")
    #expect(try !opens(c, behind: Array(others[..<2])), "behind two of another history")
  }

  @Test func aCommitOpensInNoOtherVaultAndBehindNoOtherSnapshot() throws {
    let commit = try sealed("a")[0]
    var other = LogChain(store: try .random(), snapshotSalt: Self.salt)
    #expect(try open(commit, in: &other) == nil)
    other = LogChain(store: store, snapshotSalt: [8] + Self.salt.dropFirst())
    #expect(try open(commit, in: &other) == nil)
    var same = snapshot
    #expect(try same.open(commit.span, DataKey(id: key.id, secret: .random())) == nil)
  }

  @Test func aCommitWithAnyByteChangedAddedOrTakenAwayDoesNotOpen() throws {
    let commits = try sealed("a", "some more text")
    var chain = try chain(behind: [commits[0]])
    let commit = commits[1]
    for index in commit.indices {
      for change: UInt8 in [0x01, 0x80, 0xFF] {
        var bytes = commit
        bytes[index] ^= change
        #expect(try open(bytes, in: &chain) == nil, "byte \(index) ^ \(change)")
      }
      #expect(try open(Array(commit[..<index]), in: &chain) == nil, "cut at \(index)")
    }
    #expect(try open(commit + [0], in: &chain) == nil)
    // A commit that does not open leaves the chain where it was.
    #expect(try open(commit, in: &chain) == "some more text")
  }

  @Test func theFrameIsBoundToItsNumberLengthStoreAndSnapshot() throws {
    let commits = try sealed("a", "b")
    let chain = snapshot
    func finds(_ bytes: [UInt8], _ chain: LogChain) throws -> Bool {
      var scan = FrameScan(chain, size: bytes.count)
      let result = try scan.search(bytes.span) { (frame, _) throws(CryptoError) in
        try chain.hasRightTag(frame, key)
      }
      return if case .found = result { true } else { false }
    }
    #expect(try finds(Array(commits[1][..<32]), chain))
    for index in 0..<32 {
      var frame = Array(commits[0][..<32])
      frame[index] ^= 1
      #expect(try !finds(frame, chain), "byte \(index)")
    }
    #expect(try !finds(commits[0], LogChain(store: .random(), snapshotSalt: Self.salt)))
    #expect(
      try !finds(commits[0], LogChain(store: store, snapshotSalt: Array(Self.salt.dropLast()))))
    // Of the commits so far, none is a later one.
    #expect(try !finds(commits[0], self.chain(behind: [commits[0]])))
  }
}
