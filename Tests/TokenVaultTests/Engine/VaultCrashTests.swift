import Foundation
import Testing

@testable import TokenVault

/// What a kill or an error at each system call of a write leaves on the disk.
@Suite struct VaultCrashTests {
  private static let errors: [Int32] = [ENOSPC, EIO, EACCES, EDQUOT]

  /// A change to a vault with three tokens, and the tokens that it leaves.
  enum Change: CaseIterable, Sendable {
    case save, delete, deleteAll, convert

    func make(_ vault: Vault) throws {
      switch self {
      case .save: _ = try vault.save(token(#"{"user_name":"new","access_token":"n"}"#))
      case .delete: try vault.deleteToken(id: "2")
      case .deleteAll: try vault.deleteAllTokens()
      case .convert: try vault.convert(to: .csv)
      }
    }

    var isDelete: Bool { self == .delete || self == .deleteAll }

    var usersAfter: [String] {
      switch self {
      case .save: ["a", "b", "c", "new"]
      case .delete: ["a", "c"]
      case .deleteAll: []
      case .convert: ["a", "b", "c"]
      }
    }
  }

  func vaultOfThree(_ directory: TemporaryDirectory) throws {
    let vault = try Vault.create(directory.configuration())
    for user in ["a", "b", "c"] {
      try vault.save(token(#"{"user_name":"\#(user)","access_token":"1"}"#))
    }
  }

  func users(_ directory: TemporaryDirectory) throws -> [String] {
    try Vault(directory.configuration()).allTokens().compactMap(\.userName)
  }

  /// The numbers of the calls that the change makes where nothing goes wrong, but for those that remember
  /// its generation afterwards, and are best effort.
  func calls(_ change: Change) throws -> [Int] {
    let directory = try TemporaryDirectory()
    try vaultOfThree(directory)
    let disk = CuttingDisk()
    let configuration = directory.configuration(on: disk)
    try change.make(try Vault(configuration))
    #expect(try users(directory) == change.usersAfter)
    return disk.calls.indices.filter { !CuttingDisk.isOfMemory(disk.calls[$0]) }.map { $0 + 1 }
  }

  @Test(arguments: Change.allCases)
  func aKillAtAnyCallLeavesTheOldOrTheNewVaultAndNothingInTheWay(_ change: Change) throws {
    for call in try calls(change) {
      let directory = try TemporaryDirectory()
      try vaultOfThree(directory)
      let configuration = directory.configuration(on: CuttingDisk(cutAt: call))
      #expect(throws: TokenVaultError.self) { try change.make(try Vault(configuration)) }
      let left = try users(directory)
      #expect(left == ["a", "b", "c"] || left == change.usersAfter, "killed before call \(call)")
      // The next writer needs nobody to clean up.
      try Vault(directory.configuration()).save(token(#"{"user_name":"z","access_token":"1"}"#))
      #expect(try users(directory) == left + ["z"])
      #expect(try !directory.names.contains("tokens.vault.new"))
    }
  }

  @Test(arguments: Change.allCases)
  func anErrorAtAnyCallIsAnErrorAndLeavesTheVaultAsItWas(_ change: Change) throws {
    for (number, call) in try calls(change).enumerated() {
      let errors = isFullTest ? Self.errors : [Self.errors[number % Self.errors.count]]
      for errno in errors {
        let directory = try TemporaryDirectory()
        try vaultOfThree(directory)
        let before = try directory.bytes("tokens.vault")
        let disk = CuttingDisk(cutAt: call, .fail(errno: errno))
        let configuration = directory.configuration(on: disk)
        var isError = false
        do { try change.make(try Vault(configuration)) } catch { isError = true }
        // What another user remembers is nobody's business.
        let isElsewhere = ["open generation", "lstat state"].contains(disk.calls[call - 1])
        if isElsewhere, errno == EACCES { continue }
        #expect(isError, "error \(errno) of call \(call), \(disk.calls[call - 1])")
        // After the rename the vault is the new one: the last steps are only to make it durable.
        let isReplaced = disk.calls.prefix(call - 1).contains("rename")
        #expect(try users(directory) == (isReplaced ? change.usersAfter : ["a", "b", "c"]))
        if !isReplaced { #expect(try directory.bytes("tokens.vault") == before) }
        #expect(try !directory.names.contains("tokens.vault.new"))
      }
    }
  }

  @Test func aKillAtAnyCallOfTheFirstRunLeavesAVaultOrNone() throws {
    let probe = CuttingDisk()
    let first = try TemporaryDirectory()
    let configuration = first.configuration(on: probe)
    _ = try Vault.create(configuration)
    for call in 1...probe.calls.count where !CuttingDisk.isOfMemory(probe.calls[call - 1]) {
      let directory = try TemporaryDirectory()
      let configuration = directory.configuration(on: CuttingDisk(cutAt: call))
      #expect(throws: TokenVaultError.self) { try Vault.create(configuration) }
      let (vault, _) = try Vault.openCreatingIfNeeded(directory.configuration())
      #expect(try vault.allTokens().isEmpty)
      try vault.save(token(#"{"access_token":"1"}"#))
      #expect(
        try directory.names == [
          "tokens.vault", "tokens.vault.key", "tokens.vault.lock", "tokens.vault.previous",
        ])
    }
  }

  @Test func anErrorAtAnyCallOfTheFirstRunLeavesNoVaultAndNoKey() throws {
    func configuration(_ directory: TemporaryDirectory, _ disk: CuttingDisk) -> VaultConfiguration {
      var configuration = VaultConfiguration(path: directory.file("tokens.vault"))
      configuration.locations = StandardLocations { name in
        name == "XDG_STATE_HOME" ? directory.file("state") : nil
      }
      configuration.disk = disk
      return configuration
    }
    let probe = CuttingDisk()
    let first = try TemporaryDirectory()
    _ = try Vault.create(configuration(first, probe))
    for call in 1...probe.calls.count where !CuttingDisk.isOfMemory(probe.calls[call - 1]) {
      let directory = try TemporaryDirectory()
      let disk = CuttingDisk(cutAt: call, .fail(errno: ENOSPC))
      #expect(throws: TokenVaultError.self, "error of call \(call)") {
        try Vault.create(configuration(directory, disk))
      }
      let left = FileManager.default.enumerator(atPath: directory.path)?.allObjects as? [String]
      let files = try #require(left).filter { $0.contains(".key") || $0 == "tokens.vault" }
      #expect(files.isEmpty, "error of call \(call): \(files)")
      #expect(throws: Never.self) { try Vault.create(configuration(directory, CuttingDisk())) }
    }
  }

  @Test func whereFilesCannotBeWithoutANameTheKeyIsMadeByASecondOne() throws {
    let probe = CuttingDisk()
    let first = try TemporaryDirectory()
    var configuration = first.configuration(on: probe)
    _ = try Vault.create(configuration)
    let call = try #require(probe.calls.firstIndex(of: "open creatingUnnamed")) + 1
    let directory = try TemporaryDirectory()
    configuration = directory.configuration()
    configuration.disk = CuttingDisk(cutAt: call, .fail(errno: EOPNOTSUPP))
    try Vault.create(configuration).save(token(#"{"access_token":"1"}"#))
    #expect(try Vault(directory.configuration()).allTokens().count == 1)
    #expect(try directory.names.filter { $0.contains(".key") } == ["tokens.vault.key"])
  }

  /// A kill cannot show it, only a power cut: the content is flushed before the rename, the name after.
  @Test func everyWriteIsSynchronizedBeforeAndAfterTheRename() throws {
    let directory = try TemporaryDirectory()
    let disk = CuttingDisk()
    let configuration = directory.configuration(on: disk)
    func callsOf(_ work: () throws -> Void) rethrows -> ArraySlice<String> {
      let before = disk.calls.count
      try work()
      return disk.calls[before...].drop { $0 != "open creating" }.filter {
        !["fstat", "lstat", "lock"].contains($0) && !CuttingDisk.isOfMemory($0)
      }[...]
    }
    var vault: Vault?
    let create = try callsOf { vault = try Vault.create(configuration) }
    #expect(
      create == ["open creating", "write", "fsync", "link", "unlink", "open directory", "fsync"])
    let made = try #require(vault)
    let save = try callsOf { try made.save(token(#"{"access_token":"1"}"#)) }
    #expect(
      save == [
        "open creating", "write", "fsync", "unlink", "link", "rename", "open directory", "fsync",
      ])
    let delete = try callsOf { try made.deleteAllTokens() }
    #expect(
      delete == [
        "open creating", "write", "fsync", "unlink", "unlink", "rename", "unlink",
        "open directory", "fsync",
      ])
    let nothing = try callsOf { try made.save([]) }
    #expect(nothing.isEmpty)
  }

  @Test func whatADeleteTakesAwayIsInNoFileAnyMore() throws {
    let directory = try TemporaryDirectory()
    try vaultOfThree(directory)
    #expect(try directory.names.contains("tokens.vault.previous"))
    try Vault(directory.configuration()).deleteToken(id: "1")
    #expect(try !directory.names.contains("tokens.vault.previous"))
  }
}
