internal import Glibc
internal import Synchronization

/// Which process this is, among those that fork each other, and how often it has forked.
///
/// glibc counts both in handlers of fork(3), so that to ask costs no system call. `posix_spawn` and `vfork` are not
/// counted: what they start runs another program, which closes all files of ours.
struct ForkHistory: Sendable {
  /// Another one than that of the parent; without the handlers, the process's id.
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
