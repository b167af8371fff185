internal import Synchronization

/// The thread on which an open store compacts its vault beside the writers. The store follows the compaction as it would
/// follow one by another process.
final class CompactionThread: Sendable {
  private let thread = StoreThread()
  /// The file of the last attempt, and how long its log was then: an attempt that fails is not repeated at each save.
  private let last = Mutex<(inode: UInt64, eighths: Int64)?>(nil)

  /// Starts a compaction of a vault whose log is long, unless one runs.
  ///
  /// - Parameter base: The vault with its last commit, and without uses that are not on the disk.
  func start(_ base: VaultSession) {
    let (inode, eighths) = (base.version.status.inode, base.log.eighths)
    last.withLock { last in
      if let last, last.inode == inode, last.eighths >= eighths { return }
      let isStarted = thread.start { isCancelled in
        // Best effort: a save compacts once the log has twice its bound.
        try? Compaction(of: base, isCancelled: isCancelled).run()
      }
      if isStarted { last = (inode, eighths) }
    }
  }

  var isRunning: Bool { thread.isRunning }

  /// Waits for the end of the compaction that runs, if any.
  func waitForEnd() { thread.waitForEnd() }

  /// Ends the compaction that runs, and waits for that; none begins from then on.
  func stop() { thread.stop() }
}
