import Testing

@testable import TokenVault

/// Log entries that are swapped, repeated, removed or of elsewhere are damage.
@Suite struct SplicedLogTests: AppendedTamperSuite {
  let directory: TemporaryDirectory
  let whole: FileLayout

  init() throws {
    directory = try TemporaryDirectory()
    whole = try Self.append(to: directory)
  }

  @Test func commitsInAnotherOrderRepeatedOrWithoutOneBeforeThemAreDamage() throws {
    let (a, b, c) = (commits[0], commits[1], commits[2])
    let cases: [(String, [[UInt8]], TamperResult)] = [
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
    try expect(damage(at: 0), of: whole.start + layout.bytes[layout.logStart...], "all of them")
  }

  @Test func commitsFromBeforeACompactionAreDamageBehindIt() throws {
    let vault = try Vault(directory.configuration())
    try vault.compact()
    let compacted = try directory.layout()
    #expect(compacted.commits.isEmpty)
    let place = TamperResult.damagedLogEntry(Int64(compacted.bytes.count))
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
    let bytes = whole.start + new.bytes[new.logStart...]
    try expect(damage(at: 0), of: bytes, "a new commit behind the old snapshot")
    try expect(damage(at: 3), of: whole.bytes + new.commit(0), "behind the old commits")
  }
}
