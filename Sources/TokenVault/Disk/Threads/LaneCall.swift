internal import Synchronization

/// A call that waits in a ``CallLane``.
protocol LaneJob: AnyObject, Sendable {
  /// Makes the call, unless it was cancelled, and lets its task go on.
  func run()
}

/// A call of some result, and the task that awaits it.
final class LaneCall<Value: Sendable>: LaneJob {
  typealias Continuation = CheckedContinuation<Result<Value, any Error>, Never>

  private let wait: LockWait
  private let task: Continuation
  private let body: Mutex<(@Sendable () throws -> Value)?>

  init(_ wait: LockWait, _ task: Continuation, _ body: @escaping @Sendable () throws -> Value) {
    (self.wait, self.task) = (wait, task)
    self.body = Mutex(body)
  }

  func run() { task.resume(returning: result()) }

  /// What the call holds is released before the task goes on, which may count on that.
  private func result() -> Result<Value, any Error> {
    let body = body.withLock { $0.take() }
    return wait.run {
      guard let body, !wait.isCancelled else { throw CancellationError() }
      return try body()
    }
  }
}
