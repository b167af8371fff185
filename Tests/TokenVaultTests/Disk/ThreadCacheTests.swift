import Glibc
import Testing

@testable import TokenVault

/// The threads that are kept between two pieces of work.
@Suite(.timeLimit(.minutes(60))) struct ThreadCacheTests {
  private final class Held: Sendable {}

  private struct Weak: Sendable {
    let thread: pthread_t
    weak let held: Held?
  }

  private static let count = 16

  /// Runs so many pieces of work at once that most have a new thread, or else one that was kept.
  private func runAll(_ work: @escaping @Sendable () -> Void) async {
    let (allRun, gates) = (Gate(), (0..<Self.count).map { _ in (begun: Gate(), ended: Gate()) })
    for gate in gates {
      ThreadCache.run {
        work()
        gate.begun.open()
        allRun.wait()
        gate.ended.open()
      }
    }
    for gate in gates { await gate.begun.waitInTask() }
    allRun.open()
    for gate in gates { await gate.ended.waitInTask() }
  }

  @Test func aThreadThatIsKeptHoldsNothingOfItsEarlierWork() async {
    let earlier = Collected<Weak>()
    let gates = (0..<Self.count).map { _ in (begun: Gate(), mayEnd: Gate()) }
    for gate in gates {
      let held = Held()
      ThreadCache.run {
        withExtendedLifetime(held) {
          earlier.add(Weak(thread: pthread_self(), held: held))
          gate.begun.open()
          gate.mayEnd.wait()
        }
      }
    }
    for gate in gates { await gate.begun.waitInTask() }
    for gate in gates { gate.mayEnd.open() }
    await runAll {
      let before = earlier.all.filter { pthread_equal($0.thread, pthread_self()) != 0 }
      #expect(before.allSatisfy { $0.held == nil })
    }
  }
}
