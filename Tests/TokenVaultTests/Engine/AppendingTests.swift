import Foundation
import Testing

@testable import TokenVault

/// Which writes go behind the snapshot of a large vault.
@Suite struct AppendingTests: AppendingSuite {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: RecordFormat.allCases)
  func aSaveToALargeVaultKeepsTheFileAndAddsLittleToIt(_ format: RecordFormat) throws {
    let vault = try directory.largeVault(format: format)
    let previous = try directory.bytes("tokens.vault.previous")
    for (user, users) in [("e", Self.old + ["e"]), ("e", Self.old + ["e"])] {
      let before = try file()
      try vault.save(smallToken(user, "\(before.layout.logEnd)"))
      let after = try file()
      #expect(after.extends(before, by: 1))
      #expect(after.layout.bytes.count == before.layout.bytes.count)
      #expect(after.layout.logEnd - before.layout.logEnd < 800)
      #expect(try directory.users() == users)
    }
    #expect(try directory.bytes("tokens.vault.previous") == previous)
    #expect(try !directory.names.contains("tokens.vault.new"))
  }

  @Test func manyRecordsThatAreSavedTogetherAreOneCommit() throws {
    let vault = try directory.largeVault()
    let before = try file()
    try vault.save(["e", "f", "a"].map { try smallToken($0, "2") })
    #expect(try file().extends(before, by: 1))
    #expect(try directory.users() == Self.old + ["e", "f"])
    #expect(try Vault(configuration).findToken(id: "1")?.accessToken == "2")
  }

  @Test func aSaveThatChangesNothingWritesNothing() throws {
    let vault = try directory.largeVault()
    try vault.save(smallToken("e"))
    let before = try file()
    #expect(try vault.save(smallToken("e")).change == .unchanged)
    #expect(try Vault(configuration).save(smallToken("e")).change == .unchanged)
    #expect(try vault.importTokens([smallToken("e")]).map(\.change) == [.unchanged])
    #expect(try vault.save([]).isEmpty)
    #expect(try file() == before)
  }

  @Test func aSaveThatIsRefusedWritesNothing() throws {
    let vault = try directory.largeVault()
    try vault.save(smallToken("e"))
    let before = try file()
    #expect(throws: TokenVaultError.revisionConflict(id: "5", expected: 7, actual: 1)) {
      try vault.save(smallToken("e", "2"), ifRevision: 7)
    }
    #expect(throws: TokenVaultError.self) {
      try vault.save([smallToken("f"), token(#"{"user_name":"g"}"#)])
    }
    #expect(try file() == before)
    #expect(try vault.allTokens().compactMap(\.userName) == Self.old + ["e"])
    #expect(try vault.save(smallToken("f")).token.id == "6")
  }

  @Test func aUseOfARecordIsAppended() throws {
    let clock = SettableClock()
    let configuration = directory.configuration(clock)
    let vault = try directory.largeVault(configuration)
    clock.advance(seconds: 3601)
    let before = try file()
    #expect(try vault.findToken(id: "3")?.userName == "c")
    let after = try file()
    #expect(after.extends(before, by: 1))
    let stored = try Vault(configuration).findWithoutUse(TokenQuery(id: "3"))
    #expect(stored?.history.lastUsedAt == clock.now && stored?.revision == 1)
    #expect(try vault.findToken(id: "3") != nil)
    #expect(try file() == after)
  }

  private func vaultToRefresh() throws -> Vault {
    let vault = try directory.largeVault()
    try vault.save(
      token(
        """
        {"user_name":"ann","access_token":"a0","refresh_token":"r0",
        "expires_at":"2020-01-01T00:00:00Z"}
        """))
    return vault
  }

  @Test func aRefreshAppendsThatItIsBegunAndItsAnswer() async throws {
    let vault = try vaultToRefresh()
    let before = try file()
    let server = RotatingServer()
    let query = TokenQuery(userName: "ann")
    let (directory, path) = (directory, directory.file("tokens.vault"))
    let fresh = try await vault.freshToken(for: query) { record in
      // The first one is there before the server is asked.
      let commits = try directory.layout().commits.count
      #expect(commits == 2 && FileManager.default.fileExists(atPath: path))
      let mark = try await Vault(directory.configuration()).findWithoutUse(query)?.history.refresh
      #expect(mark != nil)
      return try server.refresh(record)
    }
    #expect(fresh.wasRefreshed && server.calls == 1)
    #expect(try file().extends(before, by: 2))
    let stored = try await Vault(configuration).findWithoutUse(query)
    #expect(stored?.accessToken == "a1" && stored?.refreshToken == "r1")
    #expect(stored?.history.refresh == nil)
  }
}
