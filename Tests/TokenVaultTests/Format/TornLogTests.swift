import Testing

@testable import TokenVault
@testable import VaultCrypto

/// Which bytes behind the last log entry are a torn write, and which are damage of an acknowledged one.
@Suite struct TornLogTests: LogChainSuite {
  let key: DataKey
  let store: StoreID

  init() throws {
    key = try .random()
    store = try .random()
  }

  private static func word(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
  }

  /// Whether a tail behind one commit is none of a commit that was acknowledged.
  private func isTorn(_ tail: [UInt8], behind commits: [[UInt8]]) throws -> Bool {
    try chain(behind: commits).isTorn(tail.span, key)
  }

  /// Bytes without a zero among them, which begin with a length that a message can have.
  private static func noise(_ count: Int) -> [UInt8] {
    var random = SeededGenerator(state: 11)
    let bytes = (0..<count).map { _ in UInt8.random(in: 1...255, using: &random) }
    return Array(([0, 0, 0, 0, 0, 0, 1, 1] + bytes.dropFirst(8)).prefix(count))
  }

  @Test func aTailThatIsShorterThanAFrameIsTorn() throws {
    let commits = try sealed("a", "b")
    for count in 1..<32 {
      #expect(try isTorn(Array(commits[1][..<count]), behind: [commits[0]]))
      #expect(try isTorn([UInt8](repeating: 0xFF, count: count), behind: [commits[0]]))
      #expect(try isTorn([UInt8](repeating: 0, count: count), behind: []))
    }
  }

  @Test func aTailWhoseFrameIsRightAndWhoseMessageEndsEarlyIsTorn() throws {
    let commits = try sealed("a", "b")
    for count in 32..<commits[1].count {
      #expect(try isTorn(Array(commits[1][..<count]), behind: [commits[0]]), "\(count)")
      #expect(try !isTorn(Array(commits[1][..<count]), behind: []), "\(count) of another number")
    }
  }

  @Test func aTailWithARunOfSixteenZeroBytesIsTornAndOneOfFifteenIsDamage() throws {
    let commits = try sealed("a", "b")
    for (count, isTorn) in [(15, false), (16, true), (17, true)] {
      for place in [32, 50, 96 - count] {
        var noise = Self.noise(96)
        noise.replaceSubrange(place..<place + count, with: repeatElement(0, count: count))
        #expect(try self.isTorn(noise, behind: [commits[0]]) == isTorn, "\(count) at \(place)")
      }
      // Of a commit that is all there: some of its blocks were never written.
      var commit = commits[1]
      let room = (40..<commit.count - 20).first { commit[$0 - 1] != 0 && commit[$0 + count] != 0 }
      let place = try #require(room)
      commit.replaceSubrange(place..<place + count, with: repeatElement(0, count: count))
      #expect(try self.isTorn(commit, behind: [commits[0]]) == isTorn, "\(count) in a commit")
    }
    for count in [32, 33, 5000] {
      #expect(try isTorn([UInt8](repeating: 0, count: count), behind: [commits[0]]))
    }
  }

  @Test func aTailWithALaterFrameIsDamageWhateverIsBeforeIt() throws {
    let commits = try sealed("a", "b", "c")
    let (a, b, c) = (commits[0], commits[1], commits[2])
    let zeros = [UInt8](repeating: 0, count: b.count)
    for (comment, bytes) in [
      ("zeros", zeros), ("the frame, and zeros", Array(b[..<32] + zeros[32...])),
      ("half", Array(b[..<40])),
      ("a byte", [0]), ("what is shorter than a frame", Array(zeros[..<20])),
    ] as [(Comment, [UInt8])] {
      #expect(try !isTorn(bytes + c, behind: [a]), comment)
      #expect(try !isTorn(bytes + c[..<32], behind: [a]), comment)
      #expect(try !isTorn(bytes + b, behind: [a]), comment)
      // Those of the commits so far are no later ones.
      #expect(try isTorn(zeros + a, behind: [a]))
    }
    #expect(try isTorn(zeros + c[..<31], behind: [a]))
    #expect(try !isTorn(c, behind: [a]), "without the one before it")
  }

  @Test func aChangedLengthIsDamage() throws {
    let commits = try sealed("a", "b")
    var ignored: [Int] = []
    for bit in 0..<64 {
      var commit = commits[1]
      commit[bit / 8] ^= 0x80 >> (bit % 8)
      if try isTorn(commit, behind: [commits[0]]) { ignored.append(bit) }
    }
    #expect(ignored.isEmpty, "bits of the length that were changed, and are ignored")
  }

  @Test func aCommitThatIsAllThereAndDoesNotOpenIsDamage() throws {
    let commits = try sealed("a", "b")
    let ignored = try commits[1].indices.filter { index in
      var commit = commits[1]
      commit[index] ^= 0x55
      return try isTorn(commit, behind: [commits[0]])
    }
    #expect(ignored.isEmpty, "bytes that were changed, and are ignored")
  }

  @Test func aCommitThatIsAllThereWithMoreBehindItIsDamage() throws {
    let commits = try sealed("a", "b")
    var changed = commits[1]
    changed[60] ^= 1
    for more in [[1], [0], [UInt8](repeating: 0, count: 100), Self.noise(100)] {
      #expect(try !isTorn(changed + more, behind: [commits[0]]), "\(more.count) bytes")
    }
  }

  @Test func whatIsAsLongAsAFrameAndNoneIsDamage() throws {
    let commits = try sealed("a")
    for count in [32, 33, 64, 1000] {
      #expect(try !isTorn(Self.noise(count), behind: commits), "\(count) bytes")
      #expect(
        try !isTorn([UInt8](repeating: 0xA5, count: count), behind: commits), "\(count) bytes")
    }
  }

  @Test func numbersAndLengthsAtTheEndOfTheirRangesAreNoTrap() throws {
    let commits = try sealed("a", "b")
    let ends: [UInt64] = [0, 1, .max, .max - 1, 1 << 63, (1 << 63) - 1, 1 << 40]
    let rests = [[], Self.noise(64), commits[1], [UInt8](repeating: 0xFF, count: 64)]
    var wrong: [String] = []
    for length in ends {
      for number in ends + [2] {
        for rest in rests {
          let tail = Self.word(length) + Self.word(number) + commits[1][16..<32] + rest
          var chain = try chain(behind: [commits[0]])
          #expect(try open(tail, in: &chain) == nil)
          let hasZeroRun = length == 0 && number == 0 && rest != commits[1]
          if try chain.isTorn(tail.span, key) != hasZeroRun { wrong.append("\(length), \(number)") }
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) lengths and numbers")
  }
}
