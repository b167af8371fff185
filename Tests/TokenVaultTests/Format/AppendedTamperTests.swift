import Testing

@testable import TokenVault

/// Any changed, cut, swapped, repeated or spliced byte of a vault with commits is an error, or what the format calls
/// never acknowledged; no state is ever shown that was not the vault's.
@Suite struct AppendedTamperTests {
  private static let path = "tokens.vault"
  private static let old = ["a", "b", "c", "d"]
  private static let new = ["e", "f", "g"]

  private let directory: TemporaryDirectory
  private let whole: FileLayout

  /// A vault of four large records, and behind its snapshot three small ones.
  init() throws {
    directory = try TemporaryDirectory()
    whole = try Self.append(to: directory)
  }

  /// Makes the vault in this directory.
  private static func append(to directory: TemporaryDirectory) throws -> FileLayout {
    let vault = try directory.largeVault()
    let (inode, size) = (try directory.inode(), try directory.bytes(path).count)
    for user in new { try vault.save(smallToken(user)) }
    let layout = try directory.layout()
    #expect(try directory.inode() == inode && layout.snapshotEnd == size)
    #expect(layout.commits.count == 3 && layout.commits.last?.upperBound == layout.bytes.count)
    return layout
  }

  // MARK: What comes of bytes

  private enum Result: Equatable {
    case users([String])
    /// Of a commit, at this offset.
    case damagedLogEntry(Int64)
    case damaged
    case rolledBack(UInt64)
    case other(String)
  }

  /// What a store finds that has never seen the vault before.
  private func result(of bytes: [UInt8], remembering: Bool = false) throws -> Result {
    try directory.write(bytes, to: Self.path)
    if !remembering { try directory.forgetGenerations() }
    do {
      return .users(try Vault(directory.configuration()).allTokens().compactMap(\.userName))
    } catch {
      let path = directory.file(Self.path)
      switch error {
      case .damagedLogEntry(path, let offset): return .damagedLogEntry(offset)
      case .damaged(path, let place) where !place.isEmpty: return .damaged
      case .rolledBack(path, let generation, _): return .rolledBack(generation)
      default: return .other("\(error)")
      }
    }
  }

  private func expect(
    _ expected: Result, of bytes: [UInt8], _ comment: @autoclosure () -> Comment,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let result = try result(of: bytes)
    if result != expected {
      Issue.record("\(comment()): \(result), and not \(expected)", sourceLocation: location)
    }
  }

  /// The users with so many of the commits.
  private func users(with commits: Int) -> Result { .users(Self.old + Self.new[..<commits]) }

  /// The damage that is noticed where a commit should begin.
  private func damage(at commit: Int) -> Result {
    let isBehind = commit == whole.commits.count
    return .damagedLogEntry(
      Int64(isBehind ? whole.bytes.count : whole.commits[commit].lowerBound))
  }

  private var commits: [[UInt8]] { whole.commits.indices.map(whole.commit) }

  // MARK: Changed bytes

  @Test func aCommitWithAnyByteChangedIsAnErrorThatNamesThePlace() throws {
    for (number, commit) in whole.commits.enumerated() {
      for index in commit {
        for change: UInt8 in [0x01, 0x80, 0xFF] {
          var bytes = whole.bytes
          bytes[index] ^= change
          try expect(
            damage(at: number), of: bytes,
            "byte \(index - commit.lowerBound) of commit \(number) ^ \(change)")
        }
      }
    }
    #expect(try result(of: whole.bytes) == users(with: 3))
  }

  @Test func aSnapshotOrHeaderWithAnyByteChangedIsAnErrorWhateverIsBehindIt() throws {
    // The header, the length, the snapshot's salt and commitment are all tried.
    let close = whole.headerEnd + 8 + 56
    let far = stride(from: close, to: whole.snapshotEnd, by: isFullTest ? 1 : 197)
    for index in Array(0..<close) + far + [whole.snapshotEnd - 1] {
      for change: UInt8 in [0x01, 0x80, 0xFF] {
        var bytes = whole.bytes
        bytes[index] ^= change
        let result = try result(of: bytes)
        if result != .damaged { Issue.record("byte \(index) ^ \(change): \(result)") }
      }
    }
  }

  // MARK: Cut

  @Test func aTailThatIsCutHasTheSavesBeforeTheCutWhereNothingIsRemembered() throws {
    for length in whole.snapshotEnd...whole.bytes.count {
      let count = whole.commits.prefix { $0.upperBound <= length }.count
      try expect(
        users(with: count), of: Array(whole.bytes[..<length]),
        "cut at \(length - whole.snapshotEnd) behind the snapshot")
    }
  }

  @Test func aTailThatIsCutIsRolledBackWhereTheGenerationIsRemembered() throws {
    _ = try result(of: whole.bytes, remembering: true)
    for length in whole.snapshotEnd..<whole.bytes.count {
      let count = whole.commits.prefix { $0.upperBound <= length }.count
      let result = try result(of: Array(whole.bytes[..<length]), remembering: true)
      if result != .rolledBack(UInt64(2 + count)) {
        Issue.record("cut at \(length - whole.snapshotEnd) behind the snapshot: \(result)")
      }
    }
  }

  @Test func aSnapshotOrHeaderThatIsCutIsDamage() throws {
    let stride = isFullTest ? 1 : 499
    let lengths =
      Array(Swift.stride(from: 0, to: whole.snapshotEnd, by: stride))
      + [whole.headerEnd, whole.headerEnd + 7, whole.headerEnd + 8, 65_536, 65_537]
      + (whole.snapshotEnd - 40..<whole.snapshotEnd)
    for length in lengths {
      for remembering in [true, false] {
        let result = try result(of: Array(whole.bytes[..<length]), remembering: remembering)
        if result != .damaged { Issue.record("cut at \(length): \(result)") }
      }
    }
  }

  // MARK: Swapped, repeated, removed, and of elsewhere

  @Test func commitsInAnotherOrderRepeatedOrWithoutOneBeforeThemAreDamage() throws {
    let (a, b, c) = (commits[0], commits[1], commits[2])
    let cases: [(String, [[UInt8]], Result)] = [
      ("b a c", [b, a, c], damage(at: 0)), ("a c b", [a, c, b], damage(at: 1)),
      ("c b a", [c, b, a], damage(at: 0)), ("a a b c", [a, a, b, c], damage(at: 1)),
      ("a b b c", [a, b, b, c], damage(at: 2)), ("a b c c", [a, b, c, c], damage(at: 3)),
      ("a b c a", [a, b, c, a], damage(at: 3)), ("a b c b", [a, b, c, b], damage(at: 3)),
      ("b c", [b, c], damage(at: 0)), ("a c", [a, c], damage(at: 1)), ("c", [c], damage(at: 0)),
      ("the whole tail twice", [a, b, c, a, b, c], damage(at: 3)),
    ]
    for (name, commits, expected) in cases {
      try expect(expected, of: whole.start + commits.flatMap { $0 }, "\(name)")
    }
  }

  /// A copy of the same vault, same key and same snapshot, that others have gone on with.
  @Test func commitsOfAnotherHistoryOfTheVaultAreDamage() throws {
    try directory.write(whole.start, to: Self.path)
    try directory.forgetGenerations()
    let vault = try Vault(directory.configuration())
    for user in Self.new { try vault.save(smallToken(user)) }
    let copy = try directory.layout()
    #expect(copy.start == whole.start && copy.commits == whole.commits)
    let (ours, others) = (commits, copy.commits.indices.map(copy.commit))
    for number in 0..<3 {
      for count in 1...3 - number {
        var mixed = ours
        mixed.replaceSubrange(number..<number + count, with: others[number..<number + count])
        if mixed == others { continue }
        // From the first commit on it is the other history, as far as that goes.
        let place = number == 0 ? count : number
        let result = try result(of: whole.start + mixed.flatMap { $0 })
        if result != damage(at: place) {
          Issue.record("\(count) from \(number): \(result), and not \(damage(at: place))")
        }
      }
    }
  }

  @Test func commitsOfAnotherVaultAreDamage() throws {
    let other = try TemporaryDirectory()
    let layout = try Self.append(to: other)
    for number in 0..<3 {
      let bytes = whole.start + commits[..<number].flatMap { $0 } + layout.commit(number)
      try expect(damage(at: number), of: bytes, "commit \(number) of another vault")
    }
    try expect(damage(at: 0), of: whole.start + layout.bytes[layout.snapshotEnd...], "all of them")
  }

  @Test func commitsFromBeforeACompactionAreDamageBehindIt() throws {
    let vault = try Vault(directory.configuration())
    try vault.compact()
    let compacted = try directory.layout()
    #expect(compacted.commits.isEmpty)
    let place = Result.damagedLogEntry(Int64(compacted.bytes.count))
    for number in 0..<3 {
      try expect(place, of: compacted.bytes + whole.commit(number), "commit \(number)")
    }
    try expect(place, of: compacted.bytes + commits.flatMap { $0 }, "all of them")
    // And where the new version has commits of its own.
    try directory.write(compacted.bytes, to: Self.path)
    try directory.forgetGenerations()
    try Vault(directory.configuration()).save(smallToken("h"))
    let later = try directory.bytes(Self.path)
    for number in 0..<3 {
      try expect(
        .damagedLogEntry(Int64(later.count)), of: later + whole.commit(number),
        "commit \(number) behind a later one")
    }
  }

  @Test func theCommitsOfThisVersionAreDamageBehindAnOlderSnapshot() throws {
    try Vault(directory.configuration()).compact()
    try Vault(directory.configuration()).save(smallToken("h"))
    let new = try directory.layout()
    let bytes = whole.start + new.bytes[new.snapshotEnd...]
    try expect(damage(at: 0), of: bytes, "a new commit behind the old snapshot")
    try expect(damage(at: 3), of: whole.bytes + new.commit(0), "behind the old commits")
  }

  // MARK: Zeros, and what is added

  @Test func zerosOverACommitThatOthersFollowAreDamage() throws {
    for number in 0..<2 {
      let commit = whole.commits[number]
      for (start, end) in [
        (0, 16), (0, 32), (0, commit.count), (32, 48), (30, 60), (32, commit.count),
        (commit.count - 16, commit.count),
      ] {
        var bytes = whole.bytes
        let range = commit.lowerBound + start..<commit.lowerBound + end
        bytes.replaceSubrange(range, with: repeatElement(0, count: range.count))
        try expect(damage(at: number), of: bytes, "zeros at \(start)..<\(end) of \(number)")
      }
    }
  }

  /// A power cut leaves that where the file system had made room, and not written all of it: it was not acknowledged.
  @Test func sixteenZerosInTheLastCommitMakeItOneThatWasNeverAcknowledged() throws {
    let last = whole.commits[2]
    for start in [32, 60, last.count - 16] {
      var bytes = whole.bytes
      let range = last.lowerBound + start..<last.lowerBound + start + 16
      bytes.replaceSubrange(range, with: repeatElement(0, count: 16))
      try expect(users(with: 2), of: bytes, "zeros at \(start)")
    }
  }

  @Test func fewerBytesThanAFrameBehindTheEndAreIgnored() throws {
    var random = SeededGenerator(state: 5)
    for count in 1..<32 {
      for byte: UInt8 in [0x00, 0xA5] {
        let added = [UInt8](repeating: byte, count: count)
        try expect(users(with: 3), of: whole.bytes + added, "\(count) times \(byte)")
      }
      let added = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      try expect(users(with: 3), of: whole.bytes + added, "\(count) random bytes")
    }
  }

  @Test func moreBytesBehindTheEndAreDamage() throws {
    var random = SeededGenerator(state: 6)
    for count in [32, 33, 64, 5000] {
      let added = (0..<count).map { _ in UInt8.random(in: 1...255, using: &random) }
      try expect(damage(at: 3), of: whole.bytes + added, "\(count) random bytes")
    }
    try expect(damage(at: 3), of: whole.bytes + whole.bytes, "the whole file")
    try expect(damage(at: 3), of: whole.bytes + whole.start, "header and snapshot")
  }
}
