internal import Glibc
internal import Synchronization

/// The threads and tasks of a process that want to write one vault: one at a time, in the order in which they came.
///
/// Group commit: the thread whose turn it is commits the saves of all threads that wait, so that they share one write and
/// one flush.
final class GroupCommitQueue: Sendable {
  struct State: Sendable {
    var isBusy = false
    var waiting: [QueuedWrite] = []
  }

  enum Outcome {
    /// It is the caller's turn, which it ends by `leave`.
    case turn
    /// Another thread has committed the caller's save.
    case done
    case timeout
  }

  /// A forked child has neither the waiting threads nor the one whose turn it is.
  private let owned = Mutex(ProcessOwned { State() })
  private let kept = Mutex(ProcessOwned<LockFile?>(.descriptor) { nil })

  /// Waits at most `timeout` for the caller's turn, or for another thread to begin with the caller's save; then until
  /// that thread has committed it.
  func enter(_ write: QueuedWrite, timeout: Duration) -> Outcome {
    if join(write) { return .turn }
    LockWait.current?.whenCancelled { if self.abandon(write) { write.wake() } }
    write.signal.wait(for: timeout)
    if abandon(write) { return .timeout }
    write.signal.wait()
    return outcome(of: write)
  }

  /// Enters without waiting; true if it is the caller's turn. If not, the caller is woken.
  func join(_ write: QueuedWrite) -> Bool {
    withState { state in
      if state.isBusy {
        state.waiting.append(write)
        return false
      }
      state.isBusy = true
      return true
    }
  }

  /// Leaves the queue before the turn; false if the write does not wait any more.
  func abandon(_ write: QueuedWrite) -> Bool {
    withState { state in
      guard let index = state.waiting.firstIndex(where: { $0 === write }) else { return false }
      state.waiting.remove(at: index)
      write.isAbandoned.store(true, ordering: .relaxed)
      return true
    }
  }

  /// What has ended the wait of a caller that was woken.
  func outcome(of write: QueuedWrite) -> Outcome {
    if write.isAbandoned.load(ordering: .relaxed) { return .timeout }
    return write.isDone ? .done : .turn
  }

  /// Removes the saves that wait from the queue, for the thread whose turn it is to commit them.
  func dequeueSaves() -> [QueuedWrite] {
    withState { state in
      let saves = state.waiting.filter { $0.save != nil }
      state.waiting.removeAll { $0.save != nil }
      return saves
    }
  }

  /// The lock file of the last turn, which stays open because to open it for each save takes time; else a new one.
  func lockFile(of file: VaultFile) throws(FileError) -> LockFile {
    if let lockFile = kept.withLock({ $0.value }) { return lockFile }
    let lockFile = try file.openLockFile()
    keep(lockFile)
    return lockFile
  }

  /// Keeps the lock file for the next turn.
  func keep(_ lockFile: LockFile?) {
    if let lockFile, !lockFile.isShared { kept.withLock { $0.value = lockFile } }
  }

  /// The other process that holds the writer's lock, if it has announced itself.
  var holder: Int32? { kept.withLock { $0.value }?.writer }

  /// The error of a caller that has waited this long for others; it names the process that they wait for, if any.
  func timeout(_ timeout: Duration, _ path: String) -> TokenVaultError {
    .lockTimeout(path: path, seconds: timeout / .seconds(1), holder: holder ?? getpid())
  }

  func withState<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
    owned.withLock { body(&$0.value) }
  }

  /// Ends the caller's turn; the thread that has waited longest is next.
  func leave() {
    let next: QueuedWrite? = withState { state in
      state.isBusy = !state.waiting.isEmpty
      return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
    }
    next?.wake()
  }
}
