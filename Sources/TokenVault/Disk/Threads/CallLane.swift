internal import Synchronization

/// Runs calls that block on threads of the library, for tasks: a thread of Swift's pool must not wait for a lock or a disk.
///
/// A lane has a limited number of threads at a time; further calls wait in their order, without a thread. What the calls of
/// a lane wait for (a turn, a lock) is never held by a call that waits in it.
final class CallLane: Sendable {
  private struct State: Sendable {
    var jobs: [any LaneJob] = []
    var threads = 0
  }

  /// For calls that open a vault, or write one that is not open.
  static let opening = CallLane(limit: 16)

  private let limit: Int
  private let owned = Mutex(ProcessOwned { State() })

  /// A lane of at most `limit` threads.
  init(limit: Int) { self.limit = limit }

  /// Runs `body` on a thread of the lane. A task that is cancelled stops waiting until the call has taken a lock.
  ///
  /// - Throws: `CancellationError`, and what `body` throws.
  func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    let wait = LockWait()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { task in
        let job = LaneCall(wait, task, body)
        // Before it is submitted, since its body waits in another way.
        wait.whenCancelled { if self.remove(job) { job.run() } }
        submit(job)
      }
    } onCancel: {
      wait.cancel()
    }
    return try result.get()
  }

  private func submit(_ job: any LaneJob) {
    let isNewThread = owned.withLock { owned in
      owned.value.jobs.append(job)
      guard owned.value.threads < limit else { return false }
      owned.value.threads += 1
      return true
    }
    if isNewThread { ThreadCache.run { self.work() } }
  }

  private func work() {
    while let job = next() { job.run() }
  }

  /// The next call; without one, the thread leaves the lane.
  private func next() -> (any LaneJob)? {
    owned.withLock { owned in
      if owned.value.jobs.isEmpty {
        owned.value.threads -= 1
        return nil
      }
      return owned.value.jobs.removeFirst()
    }
  }

  /// False if the call runs already.
  private func remove(_ job: any LaneJob) -> Bool {
    owned.withLock { owned in
      guard let index = owned.value.jobs.firstIndex(where: { $0 === job }) else { return false }
      owned.value.jobs.remove(at: index)
      return true
    }
  }
}
