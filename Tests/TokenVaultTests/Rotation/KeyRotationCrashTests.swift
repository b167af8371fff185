import Foundation
import Testing

@testable import TokenVault

/// Kills and errors at every call of a rotation.
@Suite struct KeyRotationCrashTests: KeyRotationSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: zip(RotationWay.allCases + [.inPlace], [false, false, false, true]))
  func aKillAtAnyCallLeavesAVaultThatOpensAndARotationThatCanBeDone(
    _ way: RotationWay, isLogged: Bool
  ) throws {
    if isLogged { try makeLoggedVault() } else { try makeVault() }
    let before = try files()
    let calls = try calls(way)
    #expect(calls.count > 30)
    for call in (1...calls.count).sampled(each: 2) {
      try restore(before)
      var killed = configuration
      killed.disk = CuttingDisk(cutAt: call)
      _ = try? Vault.rotate(killed, rotation(way))
      let opened = openings(way).compactMap { try? Vault($0) }
      let vault = try #require(opened.first, "killed before \(calls[call - 1]) (\(call))")
      #expect(try vault.allTokens().count == 3)
      try vault.save(token(#"{"user_name":"d","access_token":"1"}"#))
      #expect(try vault.allTokens().count == 4)
      // To the end this time, and nothing is left lying about.
      var again = RotationOptions()
      again.keepsKey = way == .keepKey
      try vault.rotate(again)
      let path = try #require(try vault.status().keyPath)
      #expect(try Vault(opening(.file(path))).allTokens().count == 4)
      let left = try directory.names.filter {
        $0.hasSuffix(".new") || $0.hasSuffix(".staged") || $0.hasSuffix(".check")
      }
      #expect(left.isEmpty || way == .newFile && left.count == 1, "\(left)")
      #expect(try !directory.names.contains("tokens.vault.previous"))
    }
  }

  @Test(arguments: zip(RotationWay.allCases + [.inPlace], [false, false, false, true]))
  func anErrorAtAnyCallLeavesAVaultThatOpens(_ way: RotationWay, isLogged: Bool) throws {
    if isLogged { try makeLoggedVault() } else { try makeVault() }
    let before = try files()
    let calls = try calls(way)
    for call in 1...calls.count {
      for errno in isFullTest ? [ENOSPC, EIO] : [call.isMultiple(of: 2) ? ENOSPC : EIO] {
        try restore(before)
        let disk = CuttingDisk(cutAt: call, .fail(errno: errno))
        var failing = configuration
        failing.disk = disk
        let result = Result { try Vault.rotate(failing, rotation(way)) }
        let isRenamed = disk.calls.prefix(call - 1).contains("rename")
        if !isRenamed, !CuttingDisk.isOfMemory(calls[call - 1]) {
          #expect(throws: TokenVaultError.self, "\(calls[call - 1]) (\(call))") {
            try result.get()
          }
          // As it was, with its key, and without a trace of another.
          #expect(try directory.bytes("tokens.vault") == before["tokens.vault"])
          #expect(try directory.bytes("tokens.vault.key") == before["tokens.vault.key"])
          #expect(
            try directory.names.allSatisfy { name in
              ![".new", ".staged", ".check"].contains { name.hasSuffix($0) }
            })
        }
        let opened = openings(way).compactMap { try? Vault($0) }
        #expect(try opened.first?.allTokens().count == 3, "\(calls[call - 1]) (\(call))")
      }
    }
  }

  @Test func theNewKeyIsDurableBeforeTheVaultNeedsItAndTheOldOneGoesLast() throws {
    try makeVault()
    let calls = try calls(.inPlace).filter {
      ![
        "fstat", "lstat", "lstat state", "read", "pread", "lock", "open appending", "open reading",
        "open readingThroughLinks",
      ].contains($0)
        && !$0.contains("generation") && !CuttingDisk.isOfMemory($0) && $0 != "readdir"
    }
    #expect(
      calls == [
        "link", "unlink", "open locking",
        // Whoever has made the key's directory may have been killed before that was on the disk.
        "open directory", "fsync",
        "open creatingUnnamed", "write", "fsync", "linkat", "open directory", "fsync",
        // The previous snapshot, and twice the file of a compaction.
        "open creating", "write", "fsync", "unlink", "unlink", "rename", "unlink",
        "open directory", "fsync",
        "rename", "open directory", "fsync",
      ])
  }
}
