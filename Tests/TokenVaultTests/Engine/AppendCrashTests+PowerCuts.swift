import Foundation
import Synchronization
import Testing

@testable import TokenVault

// What a power cut at each system call of an appended save leaves.
extension AppendCrashTests {
  /// What was promised is there, the rest is whole or not there, and the vault goes on.
  private func expectVault(_ left: PowerCutSweep.Left, _ saved: [String]) {
    let directory = left.directory
    left.afterRestoring {
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

  @Test func whatThreadsOfTwoStoresWereToldSurvivesAPowerCutAtAnyCall() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let sweep = try PowerCutSweep(directory)
    try sweep.saveByThreads(stores: 2, threads: 2, saves: 2)
    for left in sweep.cuts() {
      left.afterRestoring {
        let users = try directory.users()
        #expect(users.starts(with: Self.old) && Set(users).count == users.count, left.place)
        #expect(Set(left.promised).isSubset(of: users), left.place)
      }
    }
  }

  /// Of two saves in flight, any sectors may reach the disk, and any page may be torn: the vault has the first, both or
  /// neither, and never asks for a repair or for a rollback to be accepted.
  @Test func anySectorsOfTwoSavesInFlightLeaveTheVaultWithAPrefixOfThem() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let before = try directory.layout()
    let isFailing = Mutex(true)
    for (user, size) in [("1", 700), ("2", 900)] {
      // Each writes its entry, and is killed before the flush.
      let disk = CuttingDisk { call in
        ["fdatasync", "open creating"].contains(call) && isFailing.withLock { $0 } ? EIO : nil
      }
      let vault = try Vault(directory.configuration(on: disk))
      let access = String(repeating: "y", count: size)
      #expect(throws: TokenVaultError.self) { try vault.save(smallToken(user, access)) }
    }
    let after = try directory.layout()
    #expect(after.commits.count == 2 && after.bytes.count == before.bytes.count)
    let sectors = stride(from: 0, to: after.bytes.count, by: SectorLog.sectorSize).filter {
      after.bytes[$0..<$0 + SectorLog.sectorSize] != before.bytes[$0..<$0 + SectorLog.sectorSize]
    }
    #expect((4...12).contains(sectors.count), "so that every subset can be tried")
    for subset in 0..<(1 << sectors.count) {
      var bytes = before.bytes
      for (number, sector) in sectors.enumerated() where subset >> number & 1 == 1 {
        let range = sector..<sector + SectorLog.sectorSize
        bytes.replaceSubrange(range, with: after.bytes[range])
      }
      try directory.write(bytes, to: "tokens.vault")
      for remembers in [true, false] {
        if !remembers { try directory.forgetGenerations() }
        let users = try directory.users()
        let isWhole = Self.old + ["1", "2"]
        #expect(isWhole.starts(with: users) && users.count >= 4, "sectors \(subset)")
        if subset == (1 << sectors.count) - 1 { #expect(users == isWhole) }
        try directory.forgetGenerations()
      }
    }
  }
}
