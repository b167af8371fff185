import Foundation
import Testing

@testable import TokenVault

/// What a kill or an error at each system call of a refresh leaves: the server's newest answer, or the word that a
/// call was begun.
@Suite struct RefreshCrashTests {
  func vaultOfAnn(_ directory: TemporaryDirectory) throws {
    let vault = try Vault.create(directory.configuration())
    try vault.save(
      token(#"{"user_name":"ann","access_token":"a0","refresh_token":"r0","expires_in":0}"#),
      ifRevision: nil)
  }

  let ann = TokenQuery(userName: "ann")

  /// The numbers of the calls of a refresh where nothing goes wrong.
  private func calls() async throws -> ClosedRange<Int> {
    let directory = try TemporaryDirectory()
    try vaultOfAnn(directory)
    let disk = CuttingDisk()
    let configuration = directory.configuration(on: disk)
    let server = RotatingServer()
    _ = try await Vault(configuration).freshToken(for: ann) { try server.refresh($0) }
    return 1...disk.calls.count
  }

  @Test func aKillAtAnyCallLeavesTheAnswerOrTheMark() async throws {
    var lost = 0
    for call in try await calls() {
      let directory = try TemporaryDirectory()
      try vaultOfAnn(directory)
      var configuration = directory.configuration(on: CuttingDisk(cutAt: call))
      configuration.savePatience = .zero
      let server = RotatingServer()
      _ = try? await Vault(configuration).freshToken(for: ann) { try server.refresh($0) }
      let vault = try await Vault(directory.configuration())
      let left = try #require(try await vault.findToken(matching: ann))
      if server.calls == 1, left.refreshToken != "r1" {
        lost += 1
        guard case .begun = left.history.refresh else {
          Issue.record("killed before call \(call): nothing tells that the server was called")
          continue
        }
        await #expect(throws: TokenVaultError.self) {
          try await vault.freshToken(for: ann) { try server.refresh($0) }
        }
      } else {
        let fresh = try await vault.freshToken(for: ann, force: true) { try server.refresh($0) }
        #expect(fresh.wasRefreshed && server.reuses == 0, "killed before call \(call)")
      }
    }
    #expect(lost > 5, "the kills between the call and the save were among them")
  }

  @Test func anErrorAtAnyCallLosesNoAnswer() async throws {
    for call in try await calls() {
      for errno in [ENOSPC, EIO] {
        let directory = try TemporaryDirectory()
        try vaultOfAnn(directory)
        let configuration = directory.configuration(
          on: CuttingDisk(cutAt: call, .fail(errno: errno)))
        let server = RotatingServer()
        _ = try? await Vault(configuration).freshToken(for: ann) { try server.refresh($0) }
        let vault = try await Vault(directory.configuration())
        let left = try #require(try await vault.findToken(matching: ann))
        #expect(
          left.refreshToken?.revealed == "r\(server.calls)",
          "error \(errno) at call \(call)")
        let fresh = try await vault.freshToken(for: ann, force: true) { try server.refresh($0) }
        #expect(fresh.wasRefreshed && server.reuses == 0)
      }
    }
  }
}
