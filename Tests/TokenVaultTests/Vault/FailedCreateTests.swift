import Foundation
import Synchronization
import Testing
import VaultCrypto

@testable import TokenVault

/// What a create that fails leaves behind.
@Suite struct FailedCreateTests {
  /// All of them at each call of a full test, else one.
  private func errors(at call: Int) -> [Int32] {
    let all = [ENOSPC, EIO, EACCES]
    return isFullTest ? all : [all[call % all.count]]
  }

  enum Key: CaseIterable, Sendable {
    case standard, named, passphrase

    func source(_ directory: TemporaryDirectory) -> KeySource {
      switch self {
      case .standard: .standard
      case .named: .file(directory.file("keys/a.key"))
      case .passphrase: .passphrase("correct horse")
      }
    }
  }

  private func configuration(
    _ directory: TemporaryDirectory, _ key: Key, _ disk: any Disk
  ) -> VaultConfiguration {
    var configuration = directory.configuration()
    configuration.path = directory.file("a/tokens.vault")
    configuration.key = key.source(directory)
    configuration.passphraseCost = .init(exponent: 15) ?? .standard
    configuration.disk = disk
    return configuration
  }

  /// All files but the lock file, which other processes may wait at.
  private func files(_ directory: TemporaryDirectory) throws -> [String] {
    try DiskTree(readingFrom: directory.path).files.flatMap(\.names).map {
      String($0.dropFirst(directory.path.count + 1))
    }.filter { !$0.hasSuffix(".lock") }
  }

  @Test(arguments: Key.allCases)
  func anErrorAtAnyCallLeavesNoFile(_ key: Key) throws {
    let probe = CuttingDisk()
    _ = try Vault.openCreatingIfNeeded(configuration(TemporaryDirectory(), key, probe))
    // Scrypt makes a passphrase slow.
    for call in (1...probe.calls.count).sampled(each: key == .passphrase ? 4 : 2) {
      for errno in errors(at: call) {
        let directory = try TemporaryDirectory()
        let disk = CuttingDisk(cutAt: call, .fail(errno: errno))
        let made = try? Vault.openCreatingIfNeeded(configuration(directory, key, disk))
        let place: Comment = "error \(errno) at call \(call), \(probe.calls[call - 1])"
        if made == nil {
          // A key that was named may be another vault's by now.
          let left = try files(directory).filter { key != .named || $0 != "keys/a.key" }
          #expect(left.isEmpty, place)
        }
        let (vault, _) = try Vault.openCreatingIfNeeded(configuration(directory, key, LinuxDisk()))
        try vault.save(smallToken("a"))
        #expect(try vault.allTokens().count == 1, place)
      }
    }
  }

  /// What is remembered is no matter of the vault, which is made; but an empty file would be.
  @Test(arguments: Key.allCases)
  func whereTheGenerationCannotBeWrittenNoEmptyFileIsLeft(_ key: Key) throws {
    let directory = try TemporaryDirectory()
    let disk = CuttingDisk { ["overwrite", "memory pwrite"].contains($0) ? ENOSPC : nil }
    _ = try Vault.openCreatingIfNeeded(configuration(directory, key, disk))
    #expect(
      try files(directory).allSatisfy { name in
        ![".generation", ".seen"].contains { name.hasSuffix($0) }
      })
  }

  @Test func aKeyThatCannotBeAddedLeavesNeitherItsFileNorWhatIsRememberedBesideIt() throws {
    func vault(_ directory: TemporaryDirectory, _ disk: CuttingDisk) throws -> Vault {
      try Vault(configuration(directory, .standard, disk))
    }
    func add(_ vault: Vault, _ directory: TemporaryDirectory) throws {
      try vault.addSlot(named: "web", key: .file(directory.file("web/web.key")))
    }
    func made() throws -> TemporaryDirectory {
      let directory = try TemporaryDirectory()
      try Vault.openCreatingIfNeeded(configuration(directory, .standard, LinuxDisk())).vault.save(
        smallToken("a"))
      return directory
    }
    let (first, probe) = (try made(), CuttingDisk())
    try add(try vault(first, probe), first)
    for call in 1...probe.calls.count {
      for errno in errors(at: call) {
        let directory = try made()
        let before = try files(directory)
        let disk = CuttingDisk(cutAt: call, .fail(errno: errno))
        _ = try? add(try vault(directory, disk), directory)
        let (left, slots) = (
          try files(directory), try vault(directory, CuttingDisk()).slots().map(\.name)
        )
        let place: Comment = "error \(errno) at call \(call), \(probe.calls[call - 1])"
        if slots == ["default"] {
          #expect(left.filter { !before.contains($0) && !$0.hasSuffix(".previous") }.isEmpty, place)
        }
      }
    }
  }

  /// A key that a service finds on a file system that can only be read.
  @Test func aKeyThatIsThereNeedNotBeOnAFileSystemThatCanBeSynchronized() throws {
    let directory = try TemporaryDirectory()
    try directory.write([UInt8](repeating: 7, count: 32), to: "a.key")
    try FileManager.default.createDirectory(
      atPath: directory.file("a"), withIntermediateDirectories: false)
    var configuration = configuration(directory, .standard, LinuxDisk())
    configuration.key = .file(directory.file("a.key"))
    let probe = CuttingDisk()
    _ = try KeyFile(path: directory.file("a.key"), disk: probe).synchronize()
    #expect(probe.calls.count { $0 == "fsync" } == 2)
    let refusals = Mutex(2)
    configuration.disk = CuttingDisk { call in
      guard call == "fsync" else { return nil }
      return refusals.withLock { count in
        count -= 1
        return count >= 0 ? EROFS : nil
      }
    }
    try Vault.create(configuration).save(smallToken("a"))
  }
}
