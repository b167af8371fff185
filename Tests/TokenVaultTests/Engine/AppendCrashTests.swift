import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// What a kill or an error at each system call of an appended save leaves.
@Suite struct AppendCrashTests {
  private static let errors: [Int32] = [ENOSPC, EIO, EDQUOT]
  static let old = ["a", "b", "c", "d"]
  static let new = old + ["new"]

  /// Opens the vault on this disk, and saves a record.
  private func save(_ directory: TemporaryDirectory, _ disk: CuttingDisk) throws -> Vault {
    let configuration = directory.configuration(on: disk)
    let vault = try Vault(configuration)
    try vault.save(smallToken("new"))
    return vault
  }

  /// The numbers of the calls of a save, the opening not counted, nor what remembers its generation.
  func calls() throws -> [Int] {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let disk = CuttingDisk()
    let configuration = directory.configuration(on: disk)
    let vault = try Vault(configuration)
    let before = disk.calls.count
    try vault.save(smallToken("new"))
    let all = disk.calls
    return all.indices.filter { $0 >= before && !CuttingDisk.isOfMemory(all[$0]) }.map { $0 + 1 }
  }

  @Test func aSaveIsOneWriteAndOneFlushOfTheData() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let disk = CuttingDisk()
    let configuration = directory.configuration(on: disk)
    let vault = try Vault(configuration)
    // The first saves of a store read what they need, unless it has all records.
    _ = try vault.allTokens()
    func callsOfSave(_ user: String) throws -> [String] {
      let before = disk.calls.count
      try vault.save(smallToken(user))
      return disk.calls[before...].filter {
        !["fstat", "lstat", "statx", "pread"].contains($0) && !CuttingDisk.isOfMemory($0)
      }
    }
    // Whoever has made the file may have been killed before its name was on the disk.
    #expect(
      try callsOfSave("new") == [
        "open locking", "lock", "open appending", "lock", "pwrite", "fdatasync", "open directory",
        "fsync",
      ])
    #expect(try callsOfSave("newer") == ["lock", "lock", "pwrite", "fdatasync"])
  }

  @Test func aKillAtAnyCallLeavesTheOldOrTheNewVaultAndNothingInTheWay() throws {
    for call in try calls() {
      let directory = try TemporaryDirectory()
      try directory.largeVault()
      let disk = CuttingDisk(cutAt: call)
      // A status that is not needed may fail unnoticed; what is not acknowledged may be there all the same.
      let isSaved = (try? save(directory, disk)) != nil
      let left = try directory.users()
      #expect(left == Self.new || !isSaved && left == Self.old, "killed before call \(call)")
      try Vault(directory.configuration()).save(smallToken("z"))
      #expect(try directory.users() == left + ["z"])
      #expect(try !directory.names.contains("tokens.vault.new"))
      #expect(try Vault(directory.configuration()).check().tokens == left.count + 1)
    }
  }

  @Test func anErrorAtAnyCallLeavesWhatWasWrittenBeforeAsItWasAndTheStoreGoesOn() throws {
    let numbers = try calls()
    for call in numbers {
      for errno in Self.errors {
        let directory = try TemporaryDirectory()
        try directory.largeVault()
        let before = try directory.layout().used
        let disk = CuttingDisk(cutAt: call, .fail(errno: errno))
        let configuration = directory.configuration(on: disk)
        let vault = try Vault(configuration)
        let isSaved = (try? vault.save(smallToken("new"))) != nil
        let place: Comment = "error \(errno) of call \(call), \(disk.calls[call - 1])"
        if !isSaved { #expect(try directory.bytes("tokens.vault").starts(with: before), place) }
        if disk.calls[call - 1] == "fdatasync" { #expect(isSaved, "written anew") }
        let left = isSaved ? Self.new : Self.old
        #expect(try vault.allTokens().compactMap(\.userName) == left, place)
        #expect(try directory.users() == left, place)
        #expect(try vault.save(smallToken("z")).token.id == "\(left.count + 1)", place)
        #expect(try vault.allTokens().compactMap(\.userName) == left + ["z"], place)
        #expect(try directory.users() == left + ["z"], place)
      }
    }
  }

  @Test func whereAHalfWrittenCommitCannotBeCutOffAgainTheStoreGoesOnWithWhatWasThere() throws {
    let directory = try TemporaryDirectory()
    try directory.largeVault()
    let isFailing = Mutex(true)
    var configuration = directory.configuration()
    configuration.disk = CuttingDisk { call in
      ["pwrite", "ftruncate"].contains(call) && isFailing.withLock { $0 } ? EIO : nil
    }
    let vault = try Vault(configuration)
    #expect(throws: TokenVaultError.self) { try vault.save(smallToken("new")) }
    isFailing.withLock { $0 = false }
    #expect(try directory.users() == Self.old)
    #expect(try vault.allTokens().compactMap(\.userName) == Self.old)
    try vault.save(smallToken("z"))
    #expect(try directory.users() == Self.old + ["z"])
  }
}
