import Glibc
import Testing
import TokenServerFixture

@testable import TokenVault
@testable import TokenVaultHTTP

/// The environment's proxies, in processes of their own.
@Suite struct ProxyTests {
  @Test func nothingThatIsNotEncryptedGoesToAProxy() async {
    await #expect(processExitsWith: .success) {
      sendEverythingToADeadProxy()
      let server = try TokenServer()
      let port = server.url.dropFirst("http://127.0.0.1".count)
      for (family, host) in ["127.0.0.1", "localhost", "LOCALHOST"].enumerated() {
        let token = record(at: "http://\(host)\(port)/token", family: "user\(family)")
        _ = try await RefreshTokenGrant.patient.refresh(token)
      }
      guard try server.log().total == 3 else { exit(1) }
    }
  }

  @Test func whatIsEncryptedMay() async {
    await #expect(processExitsWith: .success) {
      sendEverythingToADeadProxy()
      let outcome = Outcome {
        _ = try RefreshTokenGrant.patient.refreshAndWait(record(at: "https://auth.invalid/token"))
      }
      guard case .failed(let sentence, mayHaveUsedToken: false) = outcome,
        sentence.contains("127.0.0.1 port 9")
      else { exit(1) }
    }
  }
}

/// Nobody listens on the port of the discard protocol.
private func sendEverythingToADeadProxy() {
  for name in ["no_proxy", "NO_PROXY"] { unsafe unsetenv(name) }
  for name in ["http_proxy", "https_proxy", "all_proxy"] {
    unsafe setenv(name, "http://127.0.0.1:9", 1)
  }
}
