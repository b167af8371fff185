import Foundation
import Synchronization
import Testing

/// Threads that each make one call, in the order in which they wait there for another thread's signal.
final class QueuedThreads: Sendable {
  private let running = DispatchGroup()

  /// Starts a thread, and comes back at once.
  func start(_ call: @escaping @Sendable () -> Void) {
    running.enter()
    Thread.detachNewThread { [running] in
      call()
      running.leave()
    }
  }

  /// Starts a thread, and comes back when it waits for a signal of another one.
  func startAndWaitUntilItWaits(_ call: @escaping @Sendable () -> Void) throws {
    let task = Mutex<String?>(nil)
    start {
      task.withLock { $0 = Self.current }
      call()
    }
    let end = ContinuousClock.now.advanced(by: .seconds(60))
    while task.withLock({ $0.map(Self.waits) }) != true {
      try #require(ContinuousClock.now < end, "it never waits")
      sched_yield()
    }
  }

  /// Waits until all calls have come back.
  func join() { running.wait() }

  /// The directory of the calling thread in the kernel's table of processes.
  private static var current: String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
  }

  /// Whether a thread is in the system call that waits on a condition: futex with FUTEX_WAIT_BITSET_PRIVATE. Waiting
  /// for a mutex is another operation.
  private static func waits(_ task: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: "/proc/\(task)/syscall") else { return false }
    let words = String(decoding: file.readDataToEndOfFile(), as: UTF8.self).split(separator: " ")
    return words.count > 2 && ["202", "98"].contains(words[0]) && words[2] == "0x89"
  }
}
