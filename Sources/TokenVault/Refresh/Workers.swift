internal import Synchronization

/// Threads that do one kind of work together.
package enum Workers {
  /// Runs the body on so many threads at once, the calling one among them, and waits until all have come back. Where the
  /// system gives fewer threads, fewer do the work.
  package static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    let done = ThreadSignal()
    let tally = Tally(max(count, 1) - 1)
    for _ in 1..<max(count, 1) {
      do throws(DiskError) {
        try DetachedThread.start {
          body()
          if tally.leave() { done.give() }
        }
      } catch {
        if tally.leave() { done.give() }
      }
    }
    body()
    while !tally.isEmpty { done.wait(for: .seconds(3600)) }
  }

  /// How many are still at work.
  private final class Tally: Sendable {
    private let left: Atomic<Int>

    init(_ count: Int) { left = Atomic(count) }

    var isEmpty: Bool { left.load(ordering: .acquiring) <= 0 }

    /// Whether this was the last one.
    func leave() -> Bool { left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
  }
}
