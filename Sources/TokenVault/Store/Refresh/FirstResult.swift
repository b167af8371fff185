internal import Dispatch
internal import Synchronization

/// The first of several results that race for it, to be waited for by a thread or by a task.
final class FirstResult<Value: Sendable>: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Value, any Error>)
    case decided(Result<Value, any Error>)
  }

  private let state = Mutex(State.open)
  private let isDecided = DispatchSemaphore(value: 0)

  /// Gives a result; false where another one was first.
  @discardableResult
  func resolve(_ result: Result<Value, any Error>) -> Bool {
    let (isFirst, waiting) = state.withLock {
      state -> (Bool, CheckedContinuation<Value, any Error>?) in
      switch state {
      case .decided: return (false, nil)
      case .open:
        state = .decided(result)
        return (true, nil)
      case .awaited(let continuation):
        state = .decided(result)
        return (true, continuation)
      }
    }
    waiting?.resume(with: result)
    if isFirst { isDecided.signal() }
    return isFirst
  }

  /// The result, for one task; on the task's cancellation, `CancellationError`, if there is no other yet.
  func value() async throws -> Value {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let known = state.withLock { state -> Result<Value, any Error>? in
          if case .decided(let result) = state { return result }
          state = .awaited(continuation)
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
    let nanoseconds = min(duration / .nanoseconds(1), 1e18)
    _ = isDecided.wait(timeout: .now() + .nanoseconds(Int(nanoseconds)))
    return state.withLock { state in
      if case .decided(let result) = state { result } else { nil }
    }
  }
}
