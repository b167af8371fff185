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
    let close = whole.snapshotStart + 56
    let far = stride(from: close, to: whole.logStart, by: isFullTest ? 1 : 197)
    for index in Array(0..<close) + far + [whole.logStart - 1] {
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
    for length in whole.logStart...whole.bytes.count {
      let count = whole.commits.prefix { $0.upperBound <= length }.count
      try expect(
        users(with: count), of: Array(whole.bytes[..<length]),
        "cut at \(length - whole.logStart) behind the snapshot")
    }
  }

  @Test func aTailThatIsCutIsRolledBackWhereTheGenerationIsRemembered() throws {
    _ = try result(of: whole.bytes, remembering: true)
    for length in whole.logStart..<whole.bytes.count {
      let count = whole.commits.prefix { $0.upperBound <= length }.count
      let result = try result(of: Array(whole.bytes[..<length]), remembering: true)
      if result != .rolledBack(UInt64(2 + count)) {
        Issue.record("cut at \(length - whole.logStart) behind the snapshot: \(result)")
      }
    }
  }

  @Test func aSnapshotOrHeaderThatIsCutIsDamage() throws {
    let stride = isFullTest ? 1 : 499
    let lengths =
      Array(Swift.stride(from: 0, to: whole.logStart, by: stride))
      + [
        whole.headerEnd, whole.headerEnd + 7, whole.headerEnd + 8, whole.snapshotStart,
        whole.snapshotEnd, 65_536, 65_537,
      ]
      + (whole.logStart - 40..<whole.logStart)
    for length in lengths {
      for remembering in [true, false] {
        let result = try result(of: Array(whole.bytes[..<length]), remembering: remembering)
        if result != .damaged { Issue.record("cut at \(length): \(result)") }
      }
    }
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
