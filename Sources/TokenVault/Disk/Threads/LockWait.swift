internal import Synchronization

/// What a task waits for that has called the library: its cancellation ends the wait, until the call has a vault's lock.
///
/// With the lock, the call writes, so that it goes on to its end.
final class LockWait: Sendable {
  private enum State: Sendable {
    case waiting(wake: (@Sendable () -> Void)?)
    case cancelled
    case begun
  }

  /// The wait of the call that runs on this thread; nil if no task waits for it.
  @TaskLocal static var current: LockWait?

  private let state = Mutex(State.waiting(wake: nil))

  /// Whether the call was cancelled before it had the lock, so that it must change nothing.
  var isCancelled: Bool {
    state.withLock { if case .cancelled = $0 { true } else { false } }
  }

  /// Ends the wait, unless the call has the lock.
  func cancel() {
    let wake = state.withLock { state in
      guard case .waiting(let wake) = state else { return nil as (@Sendable () -> Void)? }
      state = .cancelled
      return wake
    }
    wake?()
  }

  /// Runs `wake` when the call is cancelled, at once if it has been; in the place of what was given before.
  func whenCancelled(_ wake: @escaping @Sendable () -> Void) {
    let isCancelled = state.withLock { state in
      if case .waiting = state { state = .waiting(wake: wake) }
      if case .cancelled = state { return true }
      return false
    }
    if isCancelled { wake() }
  }

  /// Notes that the call has the lock; false if it was cancelled before.
  func begin() -> Bool {
    state.withLock { state in
      if case .cancelled = state { return false }
      state = .begun
      return true
    }
  }

  /// Runs a part of a call whose lock is not the one that the task waits for: the call can still be cancelled afterwards.
  static func pausing<Value, Failure: Error>(
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try $current.withValue(nil) { Result { () throws(Failure) in try body() } }.get()
  }

  /// Runs a call on this thread, with this wait as its own; its failure is a `CancellationError` if the wait was cancelled.
  func run<Value>(_ body: () throws -> Value) -> Result<Value, any Error> {
    let result = Result { try Self.$current.withValue(self) { try body() } }
    // Also lets go of what was to be woken, which may hold this object.
    let isCancelled = !begin()
    if isCancelled, case .failure = result { return .failure(CancellationError()) }
    return result
  }
}
