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
    var (writer, reader) = (snapshot(), snapshot())
    for (index, text) in texts.enumerated() {
      let commit = try writer.seal(Array(text.utf8).span)
      #expect(Int64(commit.count) == LogFrame.room(sealing: text.utf8.count))
      #expect(try open(commit, in: &reader) == text)
      #expect(reader.count == UInt64(index + 1) && writer.count == reader.count)
    }
  }

  @Test func theSameTextIsNeverSealedTheSame() throws {
    let (one, other) = (try sealed("a")[0], try sealed("a")[0])
    #expect(one[..<40] == other[..<40])
    #expect(one[40...] != other[40...])
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
    for var other in [
      LogChain(try .random(), snapshotSalt: Self.salt, key),
      LogChain(store, snapshotSalt: [8] + Self.salt.dropFirst(), key),
      LogChain(
        store, snapshotSalt: Self.salt, try DataKey(id: key.id, secret: .random())),
    ] {
      #expect(try open(commit, in: &other) == nil)
    }
  }

  @Test func aCommitWithAnyByteChangedAddedOrTakenAwayDoesNotOpen() throws {
    let commits = try sealed("a", "some more text")
    var chain = try chain(behind: [commits[0]])
    let size = frame(commits[1])?.entrySize ?? 0
    let commit = Array(commits[1].prefix(size))
    for index in commit.indices {
      for change: UInt8 in [0x01, 0x80, 0xFF] {
        var bytes = commit
        bytes[index] ^= change
        #expect(try open(bytes, in: &chain) == nil, "byte \(index) ^ \(change)")
      }
      #expect(try open(Array(commit[..<index]), in: &chain) == nil, "cut at \(index)")
    }
    // A commit that does not open leaves the chain where it was.
    #expect(try open(commit, in: &chain) == "some more text")
  }

  @Test func anEntryFillsWholeFramesAndItsFrameIsInOneSector() throws {
    for count in [0, 1, 47, 48, 49, 5000] {
      var chain = snapshot()
      let entry = try chain.seal([UInt8](repeating: 1, count: count).span)
      #expect(entry.count % LogFrame.size == 0 && entry.count >= LogFrame.size + count + 16)
      #expect(entry.count < 2 * LogFrame.size + count + 16)
    }
    #expect(512 % LogFrame.size == 0 && LogArea.alignment % 512 == 0)
    #expect(VaultHeader.standardLogExtent % UInt64(LogArea.alignment) == 0)
  }

  @Test func aFlushedMarkIsTheHighestOfItsWritersAndOfThoseBefore() throws {
    var writer = snapshot()
    var entries = [try writer.seal([1].span)]
    writer.markFlushed(1)
    entries.append(try writer.seal([2].span))
    writer.markFlushed(9)
    #expect(writer.flushed == 2, "none that is not there")
    var reader = snapshot()
    var marks: [UInt64] = []
    for entry in entries {
      _ = try open(entry, in: &reader)
      marks.append(reader.flushed)
    }
    #expect(marks == [0, 1])
    entries.append(try reader.seal([3].span))
    #expect(frame(entries[2])?.flushed == 1)
  }

  @Test func aSummaryFollowsTheLastEntryAndCountsAsNone() throws {
    var writer = snapshot()
    let entry = try writer.seal(Array("a".utf8).span)
    writer.markFlushed(1)
    let summary = try writer.seal(Array("s".utf8).span, as: .summary)
    let next = try writer.seal(Array("b".utf8).span)
    var reader = snapshot()
    #expect(try open(summary, in: &reader) == nil)
    #expect(try open(entry, in: &reader) == "a")
    var without = reader
    #expect(try open(next, in: &without) == nil, "the summary is missing")
    #expect(try open(summary, in: &reader) == "s")
    #expect(try open(summary, in: &reader) == nil, "repeated")
    #expect(try open(next, in: &reader) == "b" && reader.count == 2)
  }

  @Test func noFrameIsReadFromImpossibleNumbers() throws {
    let entry = try sealed("a")[0]
    func isFrame(_ change: (inout [UInt8]) -> Void) -> Bool {
      var bytes = entry
      change(&bytes)
      return frame(bytes) != nil
    }
    #expect(isFrame { _ in } && !isFrame { $0.removeLast($0.count - 63) })
    #expect(!isFrame { $0[0] = 0 } && !isFrame { $0[3] = 0 })
    #expect(!isFrame { $0[8] = 0xFF } && !isFrame { $0[13] = 2 }, "above the highest number")
    #expect(!isFrame { $0[23] = 1 }, "a mark that is not below the number")
    #expect(!isFrame { $0[15] = 0 })
    #expect(!isFrame { $0[3] = 0x53 }, "a summary of what was not flushed")
  }
}
