internal import Synchronization

/// One call of a token endpoint by the caller's code, for which the refresh waits for a limited time.
final class EndpointCall: Sendable {
  /// How the wait for a call ends.
  enum End: Sendable {
    case answered(Result<RefreshAnswer, any Error>)
    /// The time limit has passed. A call that has not begun by then never begins.
    case abandoned(isBegun: Bool)
  }

  /// The record to send.
  let record: OAuthToken
  private let saveLate: @Sendable (RefreshAnswer) -> Void
  private let state = Mutex<(isBegun: Bool, end: End?)>((false, nil))
  private let hasEnded = ThreadSignal()

  /// A call with this record; `saveLate` receives an answer that comes after the call was abandoned.
  init(_ record: OAuthToken, saveLate: @escaping @Sendable (RefreshAnswer) -> Void) {
    (self.record, self.saveLate) = (record, saveLate)
  }

  /// Marks the call as begun; false if it was abandoned before.
  func begin() -> Bool {
    state.withLock { state in
      state.isBegun = state.end == nil
      return state.isBegun
    }
  }

  /// Ends the call with its result.
  func end(_ result: Result<RefreshAnswer, any Error>) {
    let isLate = state.withLock { state in
      if state.end != nil { return true }
      state.end = .answered(result)
      return false
    }
    hasEnded.give()
    if isLate, case .success(let answer) = result { saveLate(answer) }
  }

  /// Blocks the thread until the call ends, and abandons the call after `limit`.
  func wait(for limit: Duration) -> End {
    hasEnded.wait(for: limit)
    return state.withLock { state in
      let end = state.end ?? .abandoned(isBegun: state.isBegun)
      state.end = end
      return end
    }
  }
}
