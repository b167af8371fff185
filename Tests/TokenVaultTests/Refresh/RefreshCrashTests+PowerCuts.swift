import Testing

@testable import TokenVault

// What a power cut at each system call of a refresh leaves.
extension RefreshCrashTests {
  @Test func aPowerCutAtAnyCallLeavesTheAnswerOrTheMarkAndTheAnswerOnceItWasReturned() async throws
  {
    let directory = try TemporaryDirectory()
    try vaultOfAnn(directory)
    let sweep = try PowerCutSweep(directory)
    let server = RotatingServer()
    _ = try await Vault(sweep.configuration).freshToken(for: ann) {
      sweep.disk.promise("called")
      return try server.refresh($0)
    }
    sweep.disk.promise("returned")
    var lost = 0
    for left in sweep.cuts() {
      left.afterRestoring {
        let token = try #require(try Vault(directory.configuration()).findToken(matching: ann))
        if token.refreshToken == "r1" { return }
        #expect(!left.promised.contains("returned"), left.place)
        guard left.promised.contains("called") else { return }
        lost += 1
        guard case .begun = token.history.refresh else {
          Issue.record("nothing tells that the server was called: \(left.place)")
          return
        }
      }
    }
    #expect(lost > 2, "the cuts between the call and the save were among them")
  }
}
