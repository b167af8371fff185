import Foundation
import Synchronization
import Testing

@testable import TokenVault

// What a power cut at each system call of an appended save leaves.
extension AppendCrashTests {
  /// Whether the end of the vault's file, behind what was there before, has pieces of sectors too short to tell by their
  /// zeros that they were never written (`FileFormat`).
  private func isAmbiguous(_ directory: TemporaryDirectory, behind start: Int) throws -> Bool {
    let size = try directory.bytes("tokens.vault").count
    let sector = SectorLog.sectorSize
    return (1..<16).contains(sector - start % sector) || (1..<16).contains(size % sector)
  }

  /// What was promised is there, the rest is whole or not there, and the vault goes on.
  private func expectVault(_ left: PowerCutSweep.Left, _ saved: [String]) {
    let directory = left.directory
    left.afterRestoring {
      do throws(TokenVaultError) { _ = try Vault(directory.configuration()) } catch {
        // The one case that today's format cannot tell from damage: nothing that was acknowledged is lost by a repair.
        guard case .damagedLogEntry(_, let offset) = error,
          try isAmbiguous(directory, behind: Int(offset))
        else { throw error }
        try Vault.repair(directory.configuration())
      }
      let users = try directory.users()
      #expect(users.starts(with: Self.old), left.place)
      let new = Array(users.dropFirst(Self.old.count))
      #expect(saved.starts(with: new) && new.count >= Set(left.promised).count, left.place)
      try Vault(directory.configuration()).save(smallToken("z"))
      #expect(try directory.users() == users + ["z"], left.place)
    }
  }

  @Test(arguments: isFullTest ? 0..<16 : 0..<4)
  func aPowerCutAtAnyCallLosesNoAcknowledgedSave(_ number: Int) throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let sweep = try PowerCutSweep(directory)
    let vault = try Vault(sweep.configuration)
    let users = (1...3).map { "user \($0)" }
    for user in users {
      try vault.save(smallToken(user, String(repeating: "y", count: 1 + 149 * number)))
      sweep.disk.promise(user)
    }
    for left in sweep.cuts() { expectVault(left, users) }
  }

  /// Fewer than 16 bytes of a commit alone in a sector: so few zeros are not told from a commit that was changed.
  @Test func whereTheLastFewBytesOfACommitWereNotWrittenNothingAcknowledgedIsLost() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let before = try directory.bytes("tokens.vault")
    func size(_ count: Int) throws -> Int {
      try directory.write(before, to: "tokens.vault")
      try directory.forgetGenerations()
      let access = String(repeating: "y", count: count)
      try Vault(directory.configuration()).save(smallToken("new", access))
      return try directory.bytes("tokens.vault").count
    }
    let sector = SectorLog.sectorSize
    let missing = sector + 8 - (try size(1)) % sector
    #expect(try size(1 + missing) % sector == 8)
    var bytes = try directory.bytes("tokens.vault")
    bytes.replaceSubrange(bytes.count - 8..<bytes.count, with: [UInt8](repeating: 0, count: 8))
    try directory.write(bytes, to: "tokens.vault")
    try directory.forgetGenerations()
    do throws(TokenVaultError) { _ = try Vault(directory.configuration()) } catch {
      #expect(
        error == .damagedLogEntry(path: directory.file("tokens.vault"), offset: Int64(before.count))
      )
      try Vault.repair(directory.configuration())
    }
    #expect(try directory.users() == Self.old)
  }

  @Test func aPowerCutAtAnyCallOfACompactionLosesNoAcknowledgedSave() throws {
    let directory = try TemporaryDirectory()
    let vault = try directory.largeVault()
    let long = String(repeating: "y", count: 20_000)
    for user in ["1", "2", "3"] { try vault.save(smallToken(user, long)) }
    let sweep = try PowerCutSweep(directory)
    let open = try Vault(sweep.configuration)
    try open.save(smallToken("4", long))
    sweep.disk.promise("4")
    #expect(try directory.layout().commits.isEmpty)
    try open.save(smallToken("5"))
    sweep.disk.promise("5")
    for left in sweep.cuts() {
      left.afterRestoring {
        let users = try directory.users()
        #expect(users.starts(with: Self.old + ["1", "2", "3"] + left.promised), left.place)
      }
    }
  }

  /// The flush that fails is the first one, and all or none of those after it.
  @Test(arguments: [["fdatasync"], ["fdatasync", "fsync"]])
  func aPowerCutAfterAFlushThatFailedLosesNoAcknowledgedSave(_ failing: [String]) throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let isFailing = Mutex(true)
    let sweep = try PowerCutSweep(directory) { call in
      failing.contains(call) && isFailing.withLock { $0 } ? EIO : nil
    }
    let vault = try Vault(sweep.configuration)
    func save(_ user: String) {
      if (try? vault.save(smallToken(user))) != nil { sweep.disk.promise(user) }
    }
    save("1")
    isFailing.withLock { $0 = false }
    for user in ["1", "2"] { save(user) }
    for left in sweep.cuts() { expectVault(left, ["1", "2"]) }
  }

  @Test func whatAProcessFindsSavedByOneThatWasKilledSurvivesAPowerCut() throws {
    for call in try calls() {
      let directory = try TemporaryDirectory()
      try directory.largeVault()
      let sweep = try PowerCutSweep(directory)
      _ = try? Vault(sweep.configuration(killedAt: call)).save(smallToken("new"))
      try Vault(sweep.configuration).save(smallToken("new"))
      sweep.disk.promise("new")
      for left in sweep.cutsAtTheEnd() { expectVault(left, ["new"]) }
    }
  }

  /// Of two writers whose commits are both on their way to the disk, the later one may arrive alone: that asks for a
  /// repair, which loses nothing that was acknowledged.
  @Test func whatThreadsOfTwoStoresWereToldSurvivesAPowerCutAtAnyCall() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let sweep = try PowerCutSweep(directory)
    try sweep.saveByThreads(stores: 2, threads: 2, saves: 2)
    for left in sweep.cuts() {
      left.afterRestoring {
        do throws(TokenVaultError) { _ = try Vault(directory.configuration()) } catch {
          guard case .damagedLogEntry = error else { throw error }
          try Vault.repair(directory.configuration())
        }
        let users = try directory.users()
        #expect(users.starts(with: Self.old) && Set(users).count == users.count, left.place)
        #expect(Set(left.promised).isSubset(of: users), left.place)
      }
    }
  }
}
