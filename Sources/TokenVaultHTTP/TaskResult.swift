internal import Synchronization
internal import TokenVault

/// The result of a task, for a thread that waits for it.
final class TaskResult<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)

  /// Runs `body` in a task, and blocks the thread until it ends.
  static func wait(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
    let (end, task) = (ThreadSignal(), TaskResult())
    Task {
      let result: Result<Value, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      task.result.withLock { $0 = result }
      end.give()
    }
    end.wait()
    guard let result = task.result.withLock({ $0 }) else { throw CancellationError() }
    return try result.get()
  }
}
