import Foundation
import Testing

/// Threads that each make one call, in the order in which they come to wait for their turn.
final class QueuedThreads: Sendable {
  private let running = DispatchGroup()
  private let waitingCount: @Sendable () -> Int

  /// `waitingCount` tells how many wait.
  init(waitingCount: @escaping @Sendable () -> Int) { self.waitingCount = waitingCount }

  /// Starts a thread, and comes back at once.
  func start(_ call: @escaping @Sendable () -> Void) {
    running.enter()
    Thread.detachNewThread { [running] in
      call()
      running.leave()
    }
  }

  /// Starts a thread, and comes back when it waits for its turn.
  func startAndWaitUntilItWaits(_ call: @escaping @Sendable () -> Void) throws {
    let count = waitingCount()
    start(call)
    let end = ContinuousClock.now.advanced(by: .seconds(600))
    while waitingCount() == count {
      try #require(ContinuousClock.now < end, "it never waits")
      sched_yield()
    }
  }

  /// Waits until all calls have come back.
  func join() { running.wait() }
}
