internal import Synchronization

/// Runs calls that block on threads of the library, for tasks: a thread of Swift's pool must not wait for a lock or a disk.
///
/// A lane has a limited number of threads at a time; further calls wait in their order, without a thread. What the calls of
/// a lane wait for (a turn, a lock) is never held by a call that waits in it.
final class CallLane: Sendable {
  struct State: Sendable {
    var jobs: [Waiting] = []
    var threads = 0
  }

  /// A call without a thread, and when it has waited too long for one.
  struct Waiting: Sendable {
    let job: any LaneJob
    let deadline: ContinuousClock.Instant?
  }

  /// How long a call may wait for a thread, and the error of one that has waited longer.
  struct Patience: Sendable {
    let time: Duration
    let error: @Sendable () -> any Error
  }

  /// For calls that open a vault, or write one that is not open.
  static let opening = CallLane(limit: 16)

  private let limit: Int
  private let patience: Patience?
  let owned = Mutex(ProcessOwned { State() })

  /// A lane of at most `limit` threads, for which calls wait as long as it takes, or this long.
  init(limit: Int, _ patience: Patience? = nil) {
    (self.limit, self.patience) = (limit, patience)
  }

  /// Runs `body` on a thread of the lane. A task that is cancelled stops waiting until the call has taken a lock.
  ///
  /// - Throws: `CancellationError`, and what `body` throws.
  func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    let wait = LockWait()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { task in
        let job = LaneCall(wait, task) {
          if wait.isCancelled { throw CancellationError() }
          return try body()
        }
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
      let isNewThread = owned.value.threads < limit
      let deadline = isNewThread ? nil : patience.map { ContinuousClock.now + $0.time }
      owned.value.jobs.append(Waiting(job: job, deadline: deadline))
      if isNewThread { owned.value.threads += 1 }
      return isNewThread
    }
    if isNewThread { ThreadCache.run { self.work() } }
  }

  private func work() {
    while let call = next() {
      if let patience, let deadline = call.deadline, deadline <= .now {
        call.job.fail(patience.error())
      } else {
        call.job.run()
      }
    }
  }

  /// The next call; without one, the thread leaves the lane.
  private func next() -> Waiting? {
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
      guard let index = owned.value.jobs.firstIndex(where: { $0.job === job }) else { return false }
      owned.value.jobs.remove(at: index)
      return true
    }
  }
}
