import Synchronization

@testable import TokenVault

/// Holds the next flush of appended data until it is told to go on.
final class HeldFlush: Sendable {
  private let isWanted = Mutex(false)
  private let failing = Mutex<Set<String>>([])
  private let reached = Gate()
  private let released = Gate()

  /// The disk of a store whose flush this is to hold.
  func disk() -> CuttingDisk {
    CuttingDisk { [self] call in
      if call == "fdatasync", takeWanted() {
        reached.open()
        released.wait()
      }
      return failing.withLock { $0.contains(call) } ? 5 : nil  // EIO
    }
  }

  private func takeWanted() -> Bool {
    isWanted.withLock { isWanted in
      defer { isWanted = false }
      return isWanted
    }
  }

  /// Holds the flush of the save that this thread makes, and comes back when it is there.
  func hold(_ threads: QueuedThreads, _ save: @escaping @Sendable () -> Void) {
    isWanted.withLock { $0 = true }
    threads.start(save)
    reached.wait()
  }

  /// Lets it go on; from now on, calls of these names fail.
  func release(failing calls: Set<String> = []) {
    failing.withLock { $0 = calls }
    released.open()
  }

  /// Lets all calls succeed again.
  func mend() { failing.withLock { $0 = [] } }
}
