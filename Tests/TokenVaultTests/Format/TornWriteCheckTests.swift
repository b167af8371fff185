import Testing

@testable import TokenVault
@testable import VaultCrypto

/// What stands behind the last commit is read in pieces, and the verdict on it is that of reading it as a whole.
@Suite struct TornWriteCheckTests {
  private let key: DataKey
  private let store: StoreID
  private static let salt = [UInt8](repeating: 7, count: MessageLayout.saltSize)

  init() throws {
    key = try .random()
    store = try .random()
  }

  // MARK: The rule, as slow as it reads

  /// Whether a tail was never acknowledged, by the rule of `FileFormat`.
  private func isTornByTheRule(_ tail: [UInt8], behind chain: LogChain) throws -> Bool {
    if try hasLaterFrame(tail, behind: chain) { return false }
    if tail.count < LogFrame.size { return true }
    if let frame = LogFrame(tail.span), frame.number == chain.count + 1,
      try chain.hasRightTag(frame, key)
    {
      let size = LogFrame.size + frame.messageSize
      if size != tail.count { return size > tail.count }
    }
    return tail.indices.contains { start in
      start + 16 <= tail.count && tail[start..<start + 16].allSatisfy { $0 == 0 }
    }
  }

  private func hasLaterFrame(_ tail: [UInt8], behind chain: LogChain) throws -> Bool {
    let last = chain.count + 1 + UInt64(tail.count / LogFrame.size)
    var attempts = 0
    for start in tail.indices.dropFirst() where start + LogFrame.size <= tail.count {
      guard let frame = LogFrame(tail.span.extracting(start..<tail.count)),
        frame.number > chain.count, frame.number <= last
      else { continue }
      attempts += 1
      if try chain.hasRightTag(frame, key) || attempts == 1000 { return true }
    }
    return false
  }

  /// The verdict on a tail that is read in pieces of `size` bytes.
  private func isTorn(
    _ tail: [UInt8], behind chain: LogChain, inPiecesOf size: Int
  ) throws -> Bool {
    var check = TornWriteCheck(chain, size: tail.count, key)
    while let position = check.position {
      try check.add(tail.span.extracting(position..<min(position + size, tail.count)))
    }
    return try check.isTorn()
  }

  private func expectTheRule(
    _ tail: [UInt8], behind chain: LogChain, pieces: [Int], _ comment: Comment
  ) throws {
    let expected = try isTornByTheRule(tail, behind: chain)
    #expect(try chain.isTorn(tail.span, key) == expected, comment)
    for size in pieces {
      #expect(
        try isTorn(tail, behind: chain, inPiecesOf: size) == expected, "\(comment), by \(size)")
    }
  }

  // MARK: Tails

  /// A chain of one commit, and the three commits that are behind it.
  private func chainAndLaterCommits() throws -> (LogChain, [[UInt8]]) {
    var chain = LogChain(store: store, snapshotSalt: Self.salt)
    _ = try chain.seal([1].span, key)
    let behindOne = chain
    let texts = [[UInt8](repeating: 65, count: 70), [2], [3, 4]]
    return (behindOne, try texts.map { try chain.seal($0.span, key) })
  }

  private static func noise(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 1...255, using: &random) }
  }

  /// A frame with a length and a number that can be, and no right tag.
  private static func wrongFrame(_ number: UInt8, _ random: inout SeededGenerator) -> [UInt8] {
    [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, number] + noise(16, &random)
  }

  private static func fragment(_ commits: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
    var commit = commits[Int.random(in: 0..<3, using: &random)]
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return [UInt8](repeating: 0, count: Int.random(in: 12...18, using: &random))
    case 1: return [UInt8](repeating: 0, count: Int.random(in: 1...200, using: &random))
    case 2: return Array(commit.prefix(Int.random(in: 0...commit.count, using: &random)))
    case 3: return Array(commit.prefix(32))
    case 4: return wrongFrame(.random(in: 1...4, using: &random), &random)
    case 5:
      commit[Int.random(in: commit.indices, using: &random)] ^= 0x40
      return commit
    default: return noise(Int.random(in: 0...60, using: &random), &random)
    }
  }

  @Test func aTailReadInPiecesIsJudgedAsOneReadAsAWhole() throws {
    let (chain, commits) = try chainAndLaterCommits()
    var random = SeededGenerator(state: 20)
    var verdicts = [true: 0, false: 0]
    for round in 0..<300 {
      var tail: [UInt8] = []
      // Half of them begin as the next commit does.
      if round % 2 == 0 {
        tail += commits[0].prefix(Int.random(in: 0...commits[0].count, using: &random))
      }
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        tail += Self.fragment(commits, &random)
      }
      verdicts[try isTornByTheRule(tail, behind: chain), default: 0] += 1
      try expectTheRule(tail, behind: chain, pieces: [32, 33, 48, 100], "round \(round)")
    }
    #expect(verdicts.values.allSatisfy { $0 > 50 }, "\(verdicts)")
  }

  @Test func whatDecidesIsSeenWhereverTheBorderOfAPieceCutsIt() throws {
    let (chain, commits) = try chainAndLaterCommits()
    var random = SeededGenerator(state: 21)
    let zeros = { (count: Int) in [UInt8](repeating: 0, count: count) }
    for (what, bytes) in [
      ("a later frame", Array(commits[1][..<32])), ("a run", zeros(16)), ("no run", zeros(15)),
      ("a frame that is cut", Array(commits[1][..<31])),
      ("a frame in zeros", zeros(40) + commits[2][..<32] + zeros(40)),
    ] {
      for shift in 0..<66 {
        let tail = Self.noise(40 + shift, &random) + bytes + Self.noise(50, &random)
        try expectTheRule(tail, behind: chain, pieces: [32, 64, 65], "\(what) at \(40 + shift)")
      }
    }
  }

  @Test func aTailIsDecidedAtItsLastByteAndNoByteIsLookedAtForNothing() throws {
    let (chain, commits) = try chainAndLaterCommits()
    for count in [0, 1, 31, 32, 33, 63, 64, 95] {
      let tail = Array(commits[0].prefix(count))
      try expectTheRule(tail, behind: chain, pieces: [32, 64], "\(count) bytes")
      var check = TornWriteCheck(chain, size: count, key)
      try check.add(tail.span)
      #expect(check.position == nil)
    }
    // Once a later commit is found, nothing more is read.
    var check = TornWriteCheck(chain, size: 1 << 40, key)
    try check.add(([9] + commits[1]).span)
    #expect(check.position == nil)
    #expect(try !check.isTorn())
  }

  @Test func whatLooksLikeAThousandFramesIsDamageInPiecesToo() throws {
    let (chain, _) = try chainAndLaterCommits()
    var random = SeededGenerator(state: 22)
    for count in [999, 1000, 1001] {
      var tail = Self.noise(40, &random)
      // Such a number that one byte further on is none that can be here.
      for _ in 0..<count { tail += Self.wrongFrame(4, &random) }
      tail += [UInt8](repeating: 0, count: 16)
      for size in [64, tail.count] {
        #expect(
          try isTorn(tail, behind: chain, inPiecesOf: size) == (count < 1000), "\(count), \(size)")
      }
    }
  }
}
