internal import Synchronization

/// Threads of the library's own for work that blocks, kept for a while between two pieces of work.
enum ThreadCache {
  /// A thread that waits for work, or is about to begin with it.
  private final class Parked: Sendable {
    let signal = ThreadSignal()
    private let work = Mutex<(@Sendable () -> Void)?>(nil)

    func give(_ work: @escaping @Sendable () -> Void) {
      self.work.withLock { $0 = work }
      signal.give()
    }

    /// Does the work, and releases what it holds.
    func runWork() {
      let work = work.withLock { $0.take() }
      work?()
    }
  }

  /// The time after which a thread without work ends.
  private static let patience = Duration.seconds(2)

  /// A forked child has none of its parent's threads.
  private static let parked = Mutex(ProcessOwned<[Parked]> { [] })

  /// Runs `work` on a thread of its own. If the system starts no thread, it runs on the calling one.
  static func run(_ work: @escaping @Sendable () -> Void) {
    if let thread = parked.withLock({ $0.value.popLast() }) {
      return thread.give(work)
    }
    // Not captured by the thread, which would hold it as long as it lives.
    let first = Parked()
    first.give(work)
    do throws(SystemCallError) {
      try DetachedThread.start { workUntilIdle(first) }
    } catch {
      first.runWork()
    }
  }

  private static func workUntilIdle(_ first: Parked) {
    first.runWork()
    while let thread = next() { thread.runWork() }
  }

  /// Parks the calling thread until there is work for it; nil if none comes.
  private static func next() -> Parked? {
    let thread = Parked()
    parked.withLock { $0.value.append(thread) }
    if !thread.signal.wait(for: patience), unpark(thread) { return nil }
    thread.signal.wait()
    return thread
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
