internal import Synchronization

/// A call that waits in a ``CallLane``.
protocol LaneJob: AnyObject, Sendable {
  /// Makes the call, and lets its task go on.
  func run()

  /// Lets the task go on with this error, without the call.
  func fail(_ error: any Error)
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

  func run() { task.resume(returning: result(nil)) }

  func fail(_ error: any Error) { task.resume(returning: result(error)) }

  /// What the call holds is released before the task goes on, which may count on that.
  private func result(_ error: (any Error)?) -> Result<Value, any Error> {
    let body = body.withLock { $0.take() }
    return wait.run {
      guard error == nil, let body else { throw error ?? CancellationError() }
      return try body()
    }
  }
}
