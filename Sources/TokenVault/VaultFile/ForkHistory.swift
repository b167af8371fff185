internal import Glibc
internal import Synchronization

/// Which process this is, and how often it has forked.
struct ForkHistory: Sendable {
  let process: Int32
  let forks: Int

  private static let count = Atomic(0)
  /// Counts from the first look on. `posix_spawn` and `vfork` are not counted: what they start runs another program,
  /// which closes all files of ours.
  private static let isCounting =
    pthread_atfork(nil, { ForkHistory.count.add(1, ordering: .relaxed) }, nil) == 0

  static var now: ForkHistory {
    _ = isCounting
    return ForkHistory(process: getpid(), forks: count.load(ordering: .relaxed))
  }
}
