internal import Synchronization

/// Threads of the library's own for work that blocks, kept for a while between two pieces of work.
enum ThreadCache {
  /// A thread without work.
  private final class Parked: Sendable {
    let signal = ThreadSignal()
    let work = Mutex<(@Sendable () -> Void)?>(nil)
  }

  /// The time after which a thread without work ends.
  private static let patience = Duration.seconds(2)

  /// A forked child has none of its parent's threads.
  private static let parked = Mutex(ProcessOwned<[Parked]> { [] })

  /// Runs `work` on a thread of its own. If the system starts no thread, it runs on the calling one.
  static func run(_ work: @escaping @Sendable () -> Void) {
    if let thread = parked.withLock({ $0.value.popLast() }) {
      thread.work.withLock { $0 = work }
      return thread.signal.give()
    }
    let thread: @Sendable () -> Void = {
      work()
      workUntilIdle()
    }
    do throws(SystemCallError) { try DetachedThread.start(thread) } catch { work() }
  }

  private static func workUntilIdle() {
    while let work = next() { work() }
  }

  /// Parks the calling thread until there is work for it; nil if none comes.
  private static func next() -> (@Sendable () -> Void)? {
    let thread = Parked()
    parked.withLock { $0.value.append(thread) }
    if !thread.signal.wait(for: patience), unpark(thread) { return nil }
    thread.signal.wait()
    return thread.work.withLock { $0.take() }
  }

  /// False if the thread was given work.
  private static func unpark(_ thread: Parked) -> Bool {
    parked.withLock { parked in
      guard let index = parked.value.firstIndex(where: { $0 === thread }) else { return false }
      parked.value.remove(at: index)
      return true
    }
  }
}
