internal import Synchronization

/// One call of a token endpoint by the caller's code, for which the refresh waits for a limited time.
final class EndpointCall: Sendable {
  let record: OAuthToken
  private let saveLate: @Sendable (RefreshAnswer) -> Void
  private let state = Mutex<(isBegun: Bool, result: Result<RefreshAnswer, any Error>?)>(
    (false, nil))
  private let hasEnded = ThreadSignal()

  /// A call with this record; `saveLate` receives an answer that comes after the call was abandoned.
  init(_ record: OAuthToken, saveLate: @escaping @Sendable (RefreshAnswer) -> Void) {
    (self.record, self.saveLate) = (record, saveLate)
  }

  /// Marks the call as begun; false if it was abandoned before, so that it must not begin.
  func begin() -> Bool {
    state.withLock { state in
      state.isBegun = state.result == nil
      return state.isBegun
    }
  }

  func end(_ result: Result<RefreshAnswer, any Error>) {
    let isLate = state.withLock { state in
      defer { state.result = state.result ?? result }
      return state.result != nil
    }
    hasEnded.give()
    if isLate, case .success(let answer) = result { saveLate(answer) }
  }

  /// Blocks the thread until the call ends; after `limit`, abandons the call with the error that `timeout` returns.
  func result(
    within limit: Duration, timeout: (_ isBegun: Bool) -> any Error
  ) -> Result<RefreshAnswer, any Error> {
    hasEnded.wait(for: limit)
    return state.withLock { state in
      let result = state.result ?? .failure(timeout(state.isBegun))
      state.result = result
      return result
    }
  }
}
