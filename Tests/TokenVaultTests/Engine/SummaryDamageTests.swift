import Foundation
import Synchronization
import Testing

@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// Damage in a log of many extents: a look-up finds the right record or an error, and `check` finds all damage.
@Suite struct SummaryDamageTests: SummarySuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A log of small records `s1`, `s2` and so on, of which the third is saved again at the end, in some extents.
  private func makeLog(_ count: Int = 60) throws -> FileLayout {
    let vault = try makeVault(extents: .json)
    for number in 1...count { try vault.save(record(number)) }
    try vault.save(record(3, "newest"))
    let layout = try layout()
    try #require(layout.commits.count == count + 1 && summaries(layout).count > 2)
    try #require(layout.commits[4].upperBound < summaries(layout)[0])
    return layout
  }

  private func record(_ number: Int, _ access: String = "1") throws -> OAuthToken {
    let text = access + String(repeating: "y", count: 300)
    return try token(#"{"id":"s\#(number)","user_name":"u\#(number)","access_token":"\#(text)"}"#)
  }

  private func find(_ id: String) throws -> OAuthToken? {
    try Vault(configuration).findToken(id: id)
  }

  private func damagedEntry(_ work: () throws -> Void) -> Int64? {
    if case .damagedLogEntry(_, let offset) = failure(work) { offset } else { nil }
  }

  // MARK: Entries

  @Test func damageInAnEarlierEntryIsAnErrorOfLookUpsThatNeedItAndOfAllThatReadEverything() throws {
    let layout = try makeLog()
    for (number, place) in [(2, 5), (3, 70), (4, 300)] {
      var bytes = layout.bytes
      bytes[layout.commits[number].lowerBound + place] ^= 1
      try write(bytes)
      for _ in 1...2 {
        let offset = Int64(layout.commits[number].lowerBound)
        #expect(try find("s1") != nil && find("s40") != nil && find("7") != nil)
        #expect(try find("nobody") == nil)
        #expect(damagedEntry { _ = try find("s\(number + 1)") } == offset)
        #expect(damagedEntry { _ = try Vault(configuration).allTokens() } == offset)
        #expect(damagedEntry { _ = try Vault(configuration).check() } == offset)
        #expect(damagedEntry { try Vault(configuration).compact() } == offset)
        // Also if this host remembers nothing.
        try directory.forgetGenerations()
      }
    }
  }

  @Test func anEntryInThePlaceOfAnotherIsAnError() throws {
    let layout = try makeLog()
    var bytes = layout.bytes
    let (third, last) = (layout.commits[2], layout.commits[60])
    try #require(third.count <= last.count)
    // Another authentic entry of the same record in the place of the one that a summary names.
    bytes.replaceSubrange(
      layout.commits[4].lowerBound..<layout.commits[4].lowerBound + third.count,
      with: layout.bytes[third])
    try write(bytes)
    #expect(
      damagedEntry { _ = try find("s5") } == Int64(layout.commits[4].lowerBound))
    #expect(try find("s6") != nil)
  }

  @Test func aFlushedEntryThatIsMissingInTheLastExtentIsDamage() throws {
    let vault = try makeVault(extents: .json)
    var count = 0
    repeat {
      count += 1
      try vault.save(record(count))
    } while try summaries(layout()).count < 3
    for access in ["2", "3", "4"] { try vault.save(record(count, access)) }
    let layout = try layout()
    let lost = layout.commits[layout.commits.count - 3]
    var bytes = layout.bytes
    for index in lost { bytes[index] = 0 }
    try write(bytes)
    try directory.forgetGenerations()
    #expect(damagedEntry { _ = try find("s1") } == Int64(lost.lowerBound))
  }

  // MARK: Summaries

  @Test func aSummaryWithAnyBitChangedIsDamage() throws {
    let layout = try makeLog()
    for offset in summaries(layout) {
      for place in [0, 10, 20, 30, 50, 64, 100, 400] {
        var bytes = layout.bytes
        bytes[offset + place] ^= 4
        try write(bytes)
        #expect(damagedEntry { _ = try find("s1") } != nil, "\(place) of the one at \(offset)")
        #expect(damagedEntry { _ = try Vault(configuration).check() } != nil)
      }
    }
  }

  @Test func aRepairOfADamagedSummaryLosesNoSave() throws {
    let layout = try makeLog()
    var bytes = layout.bytes
    bytes[summaries(layout)[1] + 70] ^= 4
    try write(bytes)
    let report = try Vault.repair(configuration)
    #expect(report.soundSaves == layout.commits.count && report.lostSaves == 0)
    #expect(try Vault(configuration).check().tokens == 460 && find("s1") != nil)
  }

  /// The file with another text in its last summary, sealed as a faulty writer does, and the entries behind it.
  private func resealing(
    _ layout: FileLayout, _ change: (inout [UInt8]) -> Void
  ) throws -> [UInt8] {
    let (key, header) = try Vault(configuration).session.mutex.withLock {
      ($0.found.dataKey, $0.header)
    }
    let salt = Array(layout.bytes[layout.snapshotStart..<layout.snapshotStart + 24])
    var (reading, writing) = (
      LogChain(header.store, snapshotSalt: salt, key),
      LogChain(header.store, snapshotSalt: salt, key)
    )
    let summaries = summaries(layout)
    var bytes = layout.bytes
    for offset in (layout.commits.map(\.lowerBound) + summaries).sorted() {
      let parsed = LogFrame(bytes.span.extracting(offset...))
      let frame = try #require(parsed)
      let range = offset..<offset + frame.entrySize
      let sealed = Array(layout.bytes[range])
      let text = try reading.open(frame, sealed.span)
      let opened = try #require(text)
      guard offset >= summaries[summaries.count - 1] else {
        writing.advance(past: frame, sealed.span)
        continue
      }
      var changed = opened.withSpan { $0.array }
      if frame.kind == .summary { change(&changed) }
      writing.markFlushed(frame.flushed)
      let resealed = try writing.seal(changed.span, as: frame.kind)
      bytes.replaceSubrange(offset..<offset + resealed.count, with: resealed)
    }
    return bytes
  }

  @Test func aSummaryThatDoesNotFitItsEntriesMisleadsNoLookUpAndIsDamageToACheck() throws {
    let layout = try makeLog()
    let last = layout.commits.lastIndex { $0.upperBound < summaries(layout).last ?? 0 } ?? 0
    let first =
      layout.commits.firstIndex {
        $0.lowerBound > summaries(layout)[summaries(layout).count - 2]
      } ?? 0
    let count = last - first + 1
    // Of the tag before, the counts, an entry's offset and tag, and the number of a key's entry.
    let changes = [0, 27, 31, 32 + 3, 32 + 4, 32 + count * 20 + 7]
    for place in changes {
      try write(layout.bytes)
      try directory.forgetGenerations()
      try write(try resealing(layout) { $0[place] ^= 0x40 })
      try directory.forgetGenerations()
      for number in first...last + 1 {
        let newest = number == 2 || number == 60
        #expect(try newest || find("s\(number + 1)")?.userName == "u\(number + 1)", "\(place)")
      }
      #expect(try find("s3")?[.accessToken]?.hasPrefix("newest") == true)
      #expect(try Vault(configuration).allTokens().count == 460)
      guard case .damaged(_, let reason) = failure({ _ = try Vault(configuration).check() }) else {
        Issue.record("a change of byte \(place)")
        continue
      }
      #expect(reason.contains("summary"))
      let repair = try Vault.repair(configuration)
      #expect(repair.isIndexDamaged && repair.lostSaves == 0 && repair.tokens == 460)
      #expect(try Vault(configuration).check().tokens == 460)
      try repair.copy.map { try FileManager.default.removeItem(atPath: $0) }
    }
  }

  @Test func aSummaryThatIsResealedAsItWasIsSound() throws {
    let layout = try makeLog()
    try write(try resealing(layout) { _ in })
    try directory.forgetGenerations()
    #expect(try Vault(configuration).check().tokens == 460)
  }

  // MARK: Rollback

  @Test func anOlderStateOfALogOfManyExtentsIsARollback() throws {
    let old = try makeLog(40)
    let vault = try Vault(configuration)
    for number in 41...60 { try vault.save(record(number)) }
    let new = try layout()
    try write(old.bytes)
    guard case .rolledBack(_, let generation, let highest) = failure({ _ = try find("s1") }) else {
      Issue.record("no rollback")
      return
    }
    #expect(highest - generation == 20)
    // The same number of entries, and other ones.
    try directory.forgetGenerations()
    let other = try Vault(configuration)
    for number in 41...60 { try other.save(record(number, "other")) }
    #expect(try find("s50")?[.accessToken]?.hasPrefix("other") == true)
    try write(new.bytes)
    guard case .rolledBack = failure({ _ = try find("s1") }) else {
      Issue.record("no rollback to another version")
      return
    }
  }

  @Test func aCopyThatWasCutWithinTheZerosOfTheLastExtentIsRight() throws {
    let layout = try makeLog()
    for end in [layout.logEnd, layout.logEnd + 100, layout.bytes.count - 1] {
      try write(Array(layout.bytes[..<end]))
      #expect(try find("s3")?[.accessToken]?.hasPrefix("newest") == true && find("s1") != nil)
      #expect(try Vault(configuration).check().tokens == 460)
    }
  }
}
