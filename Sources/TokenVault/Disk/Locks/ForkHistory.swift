internal import Glibc
internal import Synchronization

/// Which process of a chain of forks this is, and how often it has forked.
///
/// Handlers of fork(3) count both, so that a look costs no system call. They do not count `posix_spawn` and `vfork`,
/// whose child runs another program and inherits no file of ours.
struct ForkHistory: Sendable {
  /// Differs from the parent's; without the handlers, the process id.
  let process: Int
  let forks: Int

  private static let generation = Atomic(0)
  private static let children = Atomic(0)
  /// Counts from the first look on.
  private static let isCounting =
    // Before and after: what another thread opens in between may be the child's too.
    pthread_atfork(
      { ForkHistory.children.add(1, ordering: .relaxed) },
      { ForkHistory.children.add(1, ordering: .relaxed) },
      { ForkHistory.generation.add(1, ordering: .relaxed) }) == 0

  static var now: ForkHistory {
    let process = isCounting ? generation.load(ordering: .relaxed) : Int(getpid())
    return ForkHistory(process: process, forks: children.load(ordering: .relaxed))
  }
}
