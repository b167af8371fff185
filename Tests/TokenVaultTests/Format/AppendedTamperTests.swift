import Testing

@testable import TokenVault

/// Any changed, cut, swapped, repeated or spliced byte of a vault with commits is an error, or what the format calls
/// never acknowledged; no state is ever shown that was not the vault's.
@Suite struct AppendedTamperTests: AppendedTamperSuite {
  let directory: TemporaryDirectory
  let whole: FileLayout

  init() throws {
    directory = try TemporaryDirectory()
    whole = try Self.append(to: directory)
  }

  // MARK: Changed bytes

  @Test func aCommitWithAnyByteChangedIsDamageIfALaterOneSaysThatItWasFlushed() throws {
    for (number, commit) in whole.commits.enumerated() {
      let expected = number < 2 ? damage(at: number) : users(with: 2)
      for index in commit {
        for change: UInt8 in [0x01, 0x80, 0xFF] {
          var bytes = whole.bytes
          bytes[index] ^= change
          try expect(
            expected, of: bytes, "byte \(index - commit.lowerBound) of commit \(number) ^ \(change)"
          )
        }
      }
    }
    #expect(try result(of: whole.bytes) == users(with: 3))
  }

  @Test func theLastCommitWithAnyByteChangedIsDamageIfThisHostHasSeenIt() throws {
    _ = try result(of: whole.bytes, remembering: true)
    for index in whole.commits[2] {
      var bytes = whole.bytes
      bytes[index] ^= 0x10
      let result = try result(of: bytes, remembering: true)
      if result != damage(at: 2) { Issue.record("byte \(index): \(result)") }
    }
  }

  @Test func aSnapshotOrHeaderWithAnyByteChangedIsAnErrorWhateverIsBehindIt() throws {
    // The header, the length, the snapshot's salt and commitment are all tried.
    let close = whole.snapshotStart + 56
    let far = stride(from: close, to: whole.indexEnd, by: isFullTest ? 1 : 197)
    for index in Array(0..<close) + far + [whole.indexEnd - 1] {
      for change: UInt8 in [0x01, 0x80, 0xFF] {
        var bytes = whole.bytes
        bytes[index] ^= change
        let result = try result(of: bytes)
        if result != .damaged { Issue.record("byte \(index) ^ \(change): \(result)") }
      }
    }
  }

  // MARK: Cut

  /// The end of the file, too, is within zeros: a copy that was cut there is whole.
  private var cuts: [Int] {
    Array(whole.indexEnd...whole.logEnd + 200)
      + [whole.bytes.count - 4096, whole.bytes.count - 1]
  }

  @Test func aTailThatIsCutHasTheSavesBeforeTheCutIfNothingIsRemembered() throws {
    for length in cuts {
      let count = whole.commits.prefix { $0.upperBound <= length }.count
      try expect(users(with: count), of: Array(whole.bytes[..<length]), "cut at \(length)")
    }
  }

  @Test func aTailThatIsCutIsDamageOrRolledBackIfTheGenerationIsRemembered() throws {
    _ = try result(of: whole.bytes, remembering: true)
    for length in cuts {
      let count = whole.commits.prefix { $0.upperBound <= length }.count
      let isClean = count == 3 || length <= whole.commits[count].lowerBound
      let expected = isClean ? TamperResult.rolledBack(UInt64(2 + count)) : damage(at: count)
      let result = try result(of: Array(whole.bytes[..<length]), remembering: true)
      if result != (count == 3 ? users(with: 3) : expected) {
        Issue.record("cut at \(length): \(result)")
      }
    }
  }

  @Test func aVaultThatWasCutWithinItsZerosIsReplacedByTheNextSave() throws {
    for length in [whole.logEnd, whole.logEnd + 10, whole.bytes.count - 1] {
      try directory.write(Array(whole.bytes[..<length]), to: Self.path)
      try directory.forgetGenerations()
      let inode = try directory.inode()
      try Vault(directory.configuration()).save(smallToken("h"))
      #expect(try directory.inode() != inode && directory.users() == Self.old + Self.new + ["h"])
    }
  }

  @Test func aSnapshotOrHeaderThatIsCutIsDamage() throws {
    let stride = isFullTest ? 1 : 499
    let lengths =
      Array(Swift.stride(from: 0, to: whole.indexEnd, by: stride))
      + [
        whole.headerEnd, whole.headerEnd + 7, whole.headerEnd + 8, whole.snapshotStart,
        whole.snapshotEnd, 65_536, 65_537,
      ]
      + (whole.indexEnd - 40..<whole.indexEnd)
    for length in lengths {
      for remembering in [true, false] {
        let result = try result(of: Array(whole.bytes[..<length]), remembering: remembering)
        if result != .damaged { Issue.record("cut at \(length): \(result)") }
      }
    }
  }

  // MARK: Zeros, and what is added

  @Test func zerosOverACommitThatWasFlushedAreDamage() throws {
    for number in 0..<2 {
      let commit = whole.commits[number]
      for (start, end) in [
        (0, 16), (0, 64), (0, commit.count), (40, 64), (64, 80), (64, commit.count),
        (commit.count - 16, commit.count),
      ] {
        var bytes = whole.bytes
        let range = commit.lowerBound + start..<commit.lowerBound + end
        bytes.replaceSubrange(range, with: repeatElement(0, count: range.count))
        try expect(damage(at: number), of: bytes, "zeros at \(start)..<\(end) of \(number)")
      }
    }
  }

  @Test func bytesBehindTheLastCommitAreIgnoredAndNeverWrittenOver() throws {
    var random = SeededGenerator(state: 5)
    for count in [1, 63, 64, 65, 5000, whole.bytes.count - whole.logEnd] {
      let added = (0..<count).map { _ in UInt8.random(in: 1...255, using: &random) }
      for place in [whole.logEnd, whole.bytes.count - count] {
        var bytes = whole.bytes
        bytes.replaceSubrange(place..<place + count, with: added)
        try expect(users(with: 3), of: bytes, "\(count) bytes at \(place)")
        let inode = try directory.inode()
        try Vault(directory.configuration()).save(smallToken("h"))
        #expect(try directory.inode() != inode)
        #expect(try directory.users() == Self.old + Self.new + ["h"])
        // Above the one that may have been begun there.
        #expect(try Vault(directory.configuration()).status().generation == 7)
      }
    }
  }
}
