import Testing

@testable import TokenVault

/// Log entries that are swapped, repeated, removed or of elsewhere never count; if a flushed one is missing, that is damage.
@Suite struct SplicedLogTests: AppendedTamperSuite {
  let directory: TemporaryDirectory
  let whole: FileLayout

  init() throws {
    directory = try TemporaryDirectory()
    whole = try Self.append(to: directory)
  }

  @Test func commitsInAnotherOrderRepeatedOrWithoutOneBeforeThemNeverCount() throws {
    let (a, b, c) = (commits[0], commits[1], commits[2])
    // The third says that the first two were flushed.
    let cases: [(String, [[UInt8]], TamperResult)] = [
      ("b a c", [b, a, c], damage(at: 0)), ("a c b", [a, c, b], damage(at: 1)),
      ("c b a", [c, b, a], damage(at: 0)), ("a a b c", [a, a, b, c], damage(at: 1)),
      ("a b b c", [a, b, b, c], users(with: 2)), ("a b c c", [a, b, c, c], users(with: 3)),
      ("a b c a", [a, b, c, a], users(with: 3)), ("a b c b", [a, b, c, b], users(with: 3)),
      ("b c", [b, c], damage(at: 0)), ("a c", [a, c], damage(at: 1)), ("c", [c], damage(at: 0)),
      ("the whole log twice", [a, b, c, a, b, c], users(with: 3)),
    ]
    for (name, commits, expected) in cases {
      try expect(expected, ofLog: commits.flatMap { $0 }, "\(name)")
    }
  }

  /// A copy of the same vault, same key and same snapshot, that others have gone on with.
  @Test func commitsOfAnotherHistoryOfTheVaultNeverFollowOurs() throws {
    try directory.write(whole.file(withLog: []), to: Self.path)
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
        try expect(
          place < 2 ? damage(at: place) : users(with: 2), ofLog: mixed.flatMap { $0 },
          "\(count) from \(number)")
      }
    }
  }

  @Test func commitsOfAnotherVaultNeverCount() throws {
    let other = try TemporaryDirectory()
    let layout = try Self.append(to: other)
    for number in 0..<3 {
      let log = commits[..<number].flatMap { $0 } + layout.commit(number)
      try expect(users(with: number), ofLog: log, "commit \(number) of another vault")
    }
    try expect(
      users(with: 0), ofLog: layout.commits.indices.flatMap(layout.commit), "all of them")
  }

  @Test func commitsFromBeforeACompactionNeverCountBehindIt() throws {
    let vault = try Vault(directory.configuration())
    try vault.compact()
    let compacted = try directory.layout()
    #expect(compacted.commits.isEmpty)
    let all = commits.flatMap { $0 }
    for (log, name) in zip(commits + [all], ["the first", "the second", "the third", "all"]) {
      try expect(users(with: 3), of: compacted.file(withLog: log), "\(name)")
    }
    // And behind commits of the new version.
    try directory.write(compacted.bytes, to: Self.path)
    try directory.forgetGenerations()
    try Vault(directory.configuration()).save(smallToken("h"))
    let later = try directory.layout()
    let expected = TamperResult.users(Self.old + Self.new + ["h"])
    try expect(expected, of: later.file(withLog: later.commit(0) + all), "behind a later one")
    // This host has seen what was there: it is damage, or a rollback, and never an older state.
    _ = try result(of: later.bytes, remembering: true)
    let result = try result(of: later.file(withLog: all), remembering: true)
    #expect(result == .damagedLogEntry(Int64(later.commits[0].lowerBound)))
  }
}
