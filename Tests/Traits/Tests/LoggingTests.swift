import Foundation
import Testing
import TokenVault
import TokenVaultLogging

/// Each event of a vault is in the log once, and no secret is.
@Suite struct LoggingTests {
  private let log = RecordingHandler()
  private let ann = TokenQuery(userName: ScratchVault.user)
  private let scratch: ScratchVault

  init() async throws { scratch = try await ScratchVault() }

  /// What the log has, without what an open or a refresh before it said.
  private func entries() -> [String] {
    let entries = log.entries
    for entry in entries { #expect(!entry.contains(ScratchVault.canary), "\(entry)") }
    return entries
  }

  private func open() async throws -> Vault {
    try await Vault(scratch.configuration.logging(to: log.logger))
  }

  @Test func aRefreshedRecordIsInTheLog() async throws {
    let vault = try await open()
    for _ in 0..<2 {
      _ = try await vault.freshToken(for: ann) { _ in
        RefreshAnswer(accessToken: Secret("c4n4ry-a1"), expiresIn: .seconds(3600))
      }
    }
    #expect(entries() == ["info: refreshed a token id=\(try await vault.ann())"])
  }

  @Test func aRejectedRefreshTokenIsInTheLogWithTheServersCode() async throws {
    let vault = try await open()
    await #expect(throws: TokenVaultError.self) {
      try await vault.freshToken(for: ann) { token in
        throw TokenEndpointError(
          code: "invalid_grant", explanation: token.refreshToken?.revealed)
      }
    }
    let message = "warning: the server rejected a refresh token; its user must log in again"
    #expect(entries() == ["\(message) code=invalid_grant id=\(try await vault.ann())"])
  }

  @Test func anIDOfSeveralLinesIsOnOneLineOfTheLog() async throws {
    let vault = try await open()
    var record = ScratchVault.record("eve")
    record.id = "7\nwarning: \u{202E}forged"
    try await vault.save(record)
    _ = try await vault.freshToken(for: TokenQuery(userName: "eve")) { _ in
      RefreshAnswer(accessToken: Secret("c4n4ry-a1"), expiresIn: .seconds(3600))
    }
    #expect(entries() == [#"info: refreshed a token id=7\nwarning: \u{202e}forged"#])
  }

  private struct ClientError: Error { let text: String }

  @Test func ofAnErrorOfTheProgramOnlyTheTypeIsInTheLog() async throws {
    let vault = try await open()
    await #expect(throws: ClientError.self) {
      try await vault.freshToken(for: ann) { token in
        throw ClientError(text: token.refreshToken?.revealed ?? "")
      }
    }
    #expect(
      entries() == [
        "warning: could not refresh a token id=\(try await vault.ann()) reason=ClientError"
      ])
  }

  @Test func aRotationIsInTheLogAndSoIsOneThatWasCompletedAfterAKill() async throws {
    let old = try scratch.read("tokens.key")
    try await open().rotate()
    let path = scratch.configuration.path
    #expect(entries() == ["notice: rotated the keys generation=3 path=\(path)"])
    // As if the rotation had been killed before its last rename.
    let store = try #require(
      String(decoding: try scratch.read("tokens.vault").prefix(400), as: UTF8.self)
        .firstMatch(of: /store ([^\n]+)/)
    ).output.1
    try scratch.write(try scratch.read("tokens.key"), to: "tokens.key.\(store).staged")
    try scratch.write(old, to: "tokens.key")
    _ = try await open()
    #expect(
      entries().dropFirst() == ["notice: completed a key rotation that was killed path=\(path)"])
  }

  private func records(_ access: String, _ count: Int) -> [OAuthToken] {
    (0..<count).map { ScratchVault.record("user\($0)", access: access) }
  }

  @Test func aCompactionIsInTheLogIfThereWasSomethingToCompact() async throws {
    let vault = try await open()
    try await vault.save(records("a0", 300))
    try await vault.save(ScratchVault.record("bob"))
    #expect(entries() == [])
    for _ in 0..<2 {
      try await vault.compact()
      #expect(entries() == ["debug: compacted the vault path=\(scratch.configuration.path)"])
    }
  }

  @Test(.timeLimit(.minutes(2))) func aCompactionBesideTheWritersIsInTheLog() async throws {
    let vault = try await open()
    try await vault.save(records("a0", 4000))
    // Decoded, as in a program that has used the vault for a while.
    _ = try await vault.allTokens()
    var round = 0
    while entries().isEmpty {
      round += 1
      try await vault.save(records("a\(round)", 50))
    }
    #expect(entries().first == "debug: compacted the vault path=\(scratch.configuration.path)")
  }

  @Test func aWarningIsInTheLogAndReachesTheProgram() async throws {
    let (warnings, warned) = AsyncStream.makeStream(of: VaultWarning.self)
    var configuration = scratch.configuration
    configuration.onWarning = { warned.yield($0) }
    let warning = VaultWarning.unsafeMemory(path: "/m", othersCouldWrite: true)
    configuration.logging(to: log.logger).onWarning?(warning)
    warned.finish()
    #expect(await warnings.reduce(into: []) { $0.append($1) } == [warning])
    #expect(entries() == ["warning: \(warning)"])
  }
}
