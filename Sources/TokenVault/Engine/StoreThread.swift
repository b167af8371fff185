internal import Glibc
internal import Synchronization

/// A thread on which an open store does long work beside its readers and writers: at most one at a time.
///
/// A thread of the library, and not that of the call that finds the work due, whose caller would wait for all of it.
///
/// The thread ends before the store does, before the process exits, and before it forks: a forked child has no such thread,
/// and traps on a mutex that the thread held.
final class StoreThread: Sendable {
  /// Work that ends early once `isCancelled` says so.
  typealias Work = @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) -> Void

  /// Work that runs.
  private final class Run: Sendable {
    let isCancelled = Atomic(false)
    /// Given once the thread has let go of the vault and its keys.
    let end = ThreadSignal()
    private let work: Mutex<Work?>

    init(_ work: @escaping Work) { self.work = Mutex(work) }

    func run() {
      guard let work = work.withLock({ $0.take() }) else { return }
      work { self.isCancelled.load(ordering: .relaxed) }
    }

    func stop() {
      isCancelled.store(true, ordering: .relaxed)
      end.wait()
    }
  }

  private struct State: Sendable {
    var run: Run?
    var isStopped = false
  }

  private let owned = Mutex(ProcessOwned { State() })

  /// Starts work, unless some runs; best effort, since there can be no thread.
  ///
  /// - Returns: False if some runs, or may not begin any more.
  func start(_ work: @escaping Work) -> Bool {
    owned.withLock { owned in
      if owned.value.run != nil || owned.value.isStopped { return false }
      owned.value.run = begin(work)
      return true
    }
  }

  var isRunning: Bool { owned.withLock { $0.value.run != nil } }

  /// Waits for the end of the work that runs, if any.
  func waitForEnd() { owned.withLock { $0.value.run }?.end.wait() }

  /// Ends the work that runs, and waits for that; none begins from then on.
  func stop() {
    let run = owned.withLock { owned in
      owned.value.isStopped = true
      return owned.value.run
    }
    run?.stop()
  }

  /// Nil if there can be no thread.
  private func begin(_ work: @escaping Work) -> Run? {
    guard Self.endsInTime else { return nil }
    let run = Run(work)
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
    atexit { StoreThread.stopAll() } == 0
    && pthread_atfork({ StoreThread.stopAll() }, nil, nil) == 0

  private static func stopAll() {
    for run in runs.withLock({ Array($0.value.values) }) { run.stop() }
  }
}
