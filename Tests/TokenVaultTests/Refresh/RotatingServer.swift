import Synchronization

@testable import TokenVault

/// A token server as a value in this process: it rotates refresh tokens `r0`, `r1` …, and refuses one that was used.
final class RotatingServer: Sendable {
  private struct State {
    var generation = 0
    var calls = 0
    var reuses = 0
  }

  private let state = Mutex(State())
  /// What each answer says of its life; nil to say nothing.
  let expiresIn: Duration?

  init(expiresIn: Duration? = .seconds(3600)) { self.expiresIn = expiresIn }

  var calls: Int { state.withLock { $0.calls } }
  var reuses: Int { state.withLock { $0.reuses } }

  /// Rotates the token, or refuses it.
  func refresh(_ record: OAuthToken) throws -> RefreshAnswer {
    let generation = try state.withLock { state in
      state.calls += 1
      guard record.refreshToken?.revealed == "r\(state.generation)" else {
        state.reuses += 1
        throw TokenEndpointError(code: "invalid_grant", explanation: "used before")
      }
      state.generation += 1
      return state.generation
    }
    return RefreshAnswer(
      accessToken: Secret("a\(generation)"), refreshToken: Secret("r\(generation)"),
      expiresIn: expiresIn)
  }
}
