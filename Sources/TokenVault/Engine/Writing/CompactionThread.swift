internal import Glibc
internal import Synchronization

/// The thread on which an open store compacts its vault beside the writers: at most one at a time.
///
/// A thread of the library, and not that of the save that finds the log long, whose caller would wait for all of it. The
/// store follows the compaction as it would follow one by another process.
///
/// The thread ends before the store does, before the process exits, and before it forks: a forked child has no such thread,
/// and traps on a mutex that the thread held.
final class CompactionThread: Sendable {
  /// A compaction that runs.
  private final class Run: Sendable {
    let isCancelled = Atomic(false)
    /// Given once the thread has let go of the vault and its keys.
    let end = ThreadSignal()
    private let base: Mutex<VaultSession?>

    init(_ base: VaultSession) { self.base = Mutex(base) }

    func run() {
      // Best effort: a save compacts once the log has twice its bound.
      guard let base = base.withLock({ $0.take() }) else { return }
      try? Compaction(of: base) { self.isCancelled.load(ordering: .relaxed) }.run()
    }

    func stop() {
      isCancelled.store(true, ordering: .relaxed)
      end.wait()
    }
  }

  private struct State: Sendable {
    var run: Run?
    var isStopped = false
    /// The file of the last attempt, and how long its log was then: an attempt that fails is not repeated at each save.
    var last: (inode: UInt64, eighths: Int64)?
  }

  private let owned = Mutex(ProcessOwned { State() })

  /// Starts a compaction of a vault whose log is long, unless one runs.
  ///
  /// - Parameter base: The vault with its last commit, and without uses that are not on the disk.
  func start(_ base: VaultSession) {
    owned.withLock { owned in
      let (inode, eighths) = (base.version.status.inode, base.log.eighths)
      if owned.value.run != nil || owned.value.isStopped { return }
      if let last = owned.value.last, last.inode == inode, last.eighths >= eighths { return }
      owned.value.last = (inode, eighths)
      owned.value.run = begin(base)
    }
  }

  var isRunning: Bool { owned.withLock { $0.value.run != nil } }

  /// Waits for the end of the compaction that runs, if any.
  func waitForEnd() { owned.withLock { $0.value.run }?.end.wait() }

  /// Ends the compaction that runs, and waits for that; none begins from then on.
  func stop() {
    let run = owned.withLock { owned in
      owned.value.isStopped = true
      return owned.value.run
    }
    run?.stop()
  }

  /// Nil if there can be no thread.
  private func begin(_ base: VaultSession) -> Run? {
    guard Self.endsInTime else { return nil }
    let run = Run(base)
    Self.runs.withLock { $0.value[ObjectIdentifier(run)] = run }
    let thread: @Sendable () -> Void = { [weak self] in
      run.run()
      self?.owned.withLock { $0.value.run = nil }
      Self.runs.withLock { $0.value[ObjectIdentifier(run)] = nil }
      run.end.give()
    }
    if (try? DetachedThread.start(thread)) != nil { return run }
    Self.runs.withLock { $0.value[ObjectIdentifier(run)] = nil }
    return nil
  }

  // MARK: Exit and fork

  /// All that run in this process.
  private static let runs = Mutex(ProcessOwned<[ObjectIdentifier: Run]> { [:] })

  /// Whether all threads are ended before the process exits, which cleans OpenSSL up, and before it forks. The handlers are
  /// set once OpenSSL's are, so that they run before those.
  private static let endsInTime =
    atexit { CompactionThread.stopAll() } == 0
    && pthread_atfork({ CompactionThread.stopAll() }, nil, nil) == 0

  private static func stopAll() {
    for run in runs.withLock({ Array($0.value.values) }) { run.stop() }
  }
}
