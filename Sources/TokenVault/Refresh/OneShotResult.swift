internal import Synchronization

/// The first of several results that race for it, to be waited for by a thread or by a task.
final class OneShotResult<Value: Sendable>: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Value, any Error>)
    case decided(Result<Value, any Error>)
  }

  private let state = Mutex<(result: State, isBegun: Bool)>((.open, false))
  private let isDecided = ThreadSignal()

  /// Begins the work that is to bring a result; false where there is one already, so that it must not begin.
  func begin() -> Bool {
    state.withLock { state in
      if case .decided = state.result { return false }
      state.isBegun = true
      return true
    }
  }

  /// Gives a result; false where another one was first.
  @discardableResult
  func resolve(_ result: Result<Value, any Error>) -> Bool { resolve { _ in result } }

  /// Gives a result that depends on whether the work was begun.
  @discardableResult
  func resolve(_ result: (_ isBegun: Bool) -> Result<Value, any Error>) -> Bool {
    let (decided, waiting) = state.withLock {
      state -> (Result<Value, any Error>?, CheckedContinuation<Value, any Error>?) in
      if case .decided = state.result { return (nil, nil) }
      let decided = result(state.isBegun)
      defer { state.result = .decided(decided) }
      if case .awaited(let continuation) = state.result { return (decided, continuation) }
      return (decided, nil)
    }
    guard let decided else { return false }
    waiting?.resume(with: decided)
    isDecided.give()
    return true
  }

  /// The result, for one task; on the task's cancellation, `CancellationError`, if there is no other yet.
  func value() async throws -> Value {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let known = state.withLock { state -> Result<Value, any Error>? in
          if case .decided(let result) = state.result { return result }
          state.result = .awaited(continuation)
          return nil
        }
        if let known { continuation.resume(with: known) }
      }
    } onCancel: {
      resolve(.failure(CancellationError()))
    }
  }

  /// The result, for one thread; nil where there is none in time.
  func wait(for duration: Duration) -> Result<Value, any Error>? {
    isDecided.wait(for: duration)
    return state.withLock { state in
      if case .decided(let result) = state.result { result } else { nil }
    }
  }
}
