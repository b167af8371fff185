import Foundation
import Synchronization
import Testing

@testable import TokenVault

// Notes that cannot be written at once, and the limit that they are for.
extension UseNotesTests {
  @Test(.timeLimit(.minutes(60))) func aReadNeverWaitsForAWriterAndItsNoteIsWrittenLater() throws {
    _ = try vault("a")
    // A read that waits for this would hang.
    var patient = configuration
    patient.lockTimeout = .seconds(86_400)
    let vault = try Vault(patient)
    let before = try generation()
    var lock: WriterLock? = try configuration.file().lock(timeout: .seconds(60))
    #expect(try vault.findToken(id: "1") != nil)
    withExtendedLifetime(lock) {}
    lock = nil
    #expect(try generation() == before)
    let use = clock.now
    clock.advance(seconds: 60)
    #expect(try vault.findToken(id: "1") != nil)
    #expect(try generation() == before + 1)
    #expect(try lastUse("1") == use)
  }

  @Test func whereNothingCanBeWrittenReadsGoOnAndTryOnceAMinute() throws {
    _ = try vault("a", "b")
    let refused: Set = ["open creating", "open locking", "rename", "link", "unlink", "overwrite"]
    let disk = CuttingDisk(refusing: refused)
    var configuration = configuration
    configuration.disk = disk
    let vault = try Vault(configuration)
    func tries() -> Int { disk.calls.filter { $0 == "open locking" }.count }
    for _ in 1...50 {
      for id in ["1", "2"] { #expect(try vault.findToken(id: id) != nil) }
    }
    #expect(tries() == 1)
    clock.advance(seconds: 60)
    for _ in 1...50 { #expect(try vault.findToken(id: "1") != nil) }
    #expect(tries() == 2)
    #expect(try lastUse("1") == nil)
    // A read is a look at the file's status, by its path or by what is held open, and nothing else.
    for _ in 1...10 {
      let count = disk.calls.count
      #expect(try vault.findToken(id: "1") != nil)
      #expect([["fstat"], ["fstat", "lstat"]].contains(Array(disk.calls[count...])))
    }
  }

  /// A vault with a record whose next use is to be noted, on this disk; the calls before are those of opening.
  private func read(_ disk: CuttingDisk) throws -> (opening: Int, stored: OAuthToken?) {
    let directory = try TemporaryDirectory()
    let clock = SettableClock()
    var configuration = directory.configuration(clock)
    try Vault.create(configuration).save(token(#"{"user_name":"a","access_token":"1"}"#))
    clock.advance(seconds: 3601)
    configuration.disk = disk
    let vault = try Vault(configuration)
    let opening = disk.calls.count
    #expect(try vault.findToken(id: "1")?.accessToken == "1")
    configuration.disk = LinuxDisk()
    let stored = try Vault(configuration).findWithoutUse(TokenQuery(id: "1"))
    #expect([nil, clock.now].contains(stored?.history.lastUsedAt))
    return (opening, stored)
  }

  @Test func aKillOrAnErrorAtAnyCallOfANoteLeavesAVaultAndTheReadItsRecord() throws {
    let probe = CuttingDisk()
    let (opening, stored) = try read(probe)
    #expect(stored?.history.lastUsedAt != nil)
    // The read's own look at the file comes first, at its status and at the path.
    for call in opening + 3...probe.calls.count {
      for cut in [CuttingDisk.Cut.kill, .fail(errno: ENOSPC), .fail(errno: EACCES)] {
        #expect(try read(CuttingDisk(cutAt: call, cut)).stored?.revision == 1, "\(call), \(cut)")
      }
    }
  }

  @Test func manyStoresThatReadAtOnceWriteOneNote() async throws {
    let first = try vault("a", "b")
    let before = try generation()
    let stores = try (1...8).map { _ in try Vault(configuration) } + [first]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for store in stores {
        group.addTask {
          for _ in 1...50 {
            let found = try await store.findToken(id: "1")
            #expect(found != nil)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try generation() == before + 1)
    // What some could not write while another did is written by nobody again.
    clock.advance(seconds: 60)
    for store in stores { #expect(try await store.findToken(id: "1") != nil) }
    #expect(try generation() == before + 1)
  }

  @Test(arguments: [0, 1, 2], [false, true])
  func aUseThatAnotherStoreHasWrittenInTheSameMillisecondIsNotWrittenAgain(
    saves: Int, compacting: Bool
  ) throws {
    // A vault that is replaced, or whose saves are appended, to a snapshot or behind other entries.
    let large = saves > 0
    var first = large ? try directory.largeVault(configuration) : try vault("a")
    if large { for _ in 1..<saves { try first.save(smallToken("e", "1")) } }
    clock.advance(seconds: 3600, milliseconds: 1)
    let waiting = try Vault(configuration)
    _ = try waiting.allTokens()
    var lock: WriterLock? = try configuration.file().lock(timeout: .seconds(60))
    #expect(try waiting.findToken(id: "1") != nil)
    withExtendedLifetime(lock) {}
    lock = nil
    first = try Vault(configuration)
    #expect(try first.findToken(id: "1") != nil)
    #expect(try lastUse("1") == clock.now)
    if compacting { try first.compact() }
    let written = try generation()
    clock.advance(seconds: 60)
    #expect(try waiting.findToken(id: "1") != nil)
    #expect(try generation() == written)
    // A use of its own is.
    clock.advance(seconds: 3600)
    #expect(try waiting.findToken(id: "1") != nil)
    #expect(try lastUse("1") == clock.now)
  }

  // MARK: The limit for idle records

  @Test func aRecordThatIsUsedWithinTheLimitNeverEnds() throws {
    var policy = RetentionPolicy()
    policy.idle = .seconds(50_000)
    let vault = try vault("a", "b", policy: policy)
    let others = try Vault(configuration)
    for round in 1...20 {
      clock.advance(seconds: 49_999)
      // The second one's note waits, unless it is the other store's last chance to hear of it.
      for id in ["1", "2"] { #expect(try vault.findToken(id: id) != nil, "round \(round)") }
      #expect(try others.purge().deleted.isEmpty, "round \(round)")
    }
    clock.advance(seconds: 53_600)
    #expect(try others.purge().deleted.map(\.limit) == [.idle, .idle])
  }

  @Test func aUseThatCouldNotBeWrittenCountsAlsoForTheFindThatDecodesTheRecords() throws {
    var policy = RetentionPolicy()
    policy.idle = .seconds(50_000)
    try directory.largeVault(configuration).setPolicy(policy)
    let vault = try Vault(configuration)
    clock.advance(seconds: 49_000)
    let lock = try configuration.file().lock(timeout: .seconds(60))
    defer { withExtendedLifetime(lock) {} }
    #expect(try vault.findToken(id: "1") != nil)
    // By what is on the disk, the record has ended.
    clock.advance(seconds: 6_000)
    let isDecoded = { vault.session.mutex.withLock { $0.records.isDecoded } }
    #expect(!isDecoded())
    for number in 1...50 { #expect(try vault.findToken(id: "1") != nil, "find \(number)") }
    #expect(isDecoded())
  }

  @Test func aUseThatOthersMustHearOfIsWrittenAtOnce() throws {
    var policy = RetentionPolicy()
    policy.idle = .seconds(36_000)
    let vault = try vault("a", "b", "c", policy: policy)
    clock.advance(seconds: 36_000 - 130)
    for id in ["1", "2"] { #expect(try vault.findToken(id: id) != nil) }
    #expect(try lastUse("1") == clock.now && lastUse("2") == nil, "there is time")
    let use = clock.now
    clock.advance(seconds: 11)
    #expect(try vault.findToken(id: "3") != nil)
    #expect(try lastUse("3") == clock.now && lastUse("2") == use)
  }

  @Test func aStoreReliesOnTheUsesThatItHasNotWritten() throws {
    var policy = RetentionPolicy()
    policy.idle = .seconds(36_000)
    let vault = try vault("a", "b", policy: policy)
    let lock = try configuration.file().lock(timeout: .seconds(60))
    clock.advance(seconds: 30_000)
    for id in ["1", "2"] { #expect(try vault.findToken(id: id) != nil) }
    clock.advance(seconds: 30_000)
    for id in ["1", "2"] { #expect(try vault.findToken(id: id) != nil) }
    withExtendedLifetime(lock) {}
  }
}
