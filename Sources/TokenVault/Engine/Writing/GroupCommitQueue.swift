internal import Synchronization

/// The threads of a process that want to write one vault, one at a time, in the order in which they came. Saves that
/// wait are taken along by whoever writes next, so that all of them share one write and one flush.
final class GroupCommitQueue: Sendable {
  private struct State: Sendable {
    var isTaken = false
    var waiting: [QueuedWrite] = []
  }

  /// What comes of waiting.
  enum Outcome {
    /// It is the caller's turn, which it gives back by `leave`.
    case turn
    /// Another thread has done it.
    case done
    /// The time is up.
    case timeout
  }

  /// A forked child has neither the threads that wait nor the one whose turn it is.
  private let owned = Mutex(ProcessOwned { State() })
  private let kept = Mutex(ProcessOwned<LockFile?>(.descriptor) { nil })

  /// Waits for the turn, or for another thread that does the same work, for at most `timeout`, or as long as that
  /// thread is at it.
  func enter(_ write: QueuedWrite, timeout: Duration) -> Outcome {
    let isTurn = withState { state in
      if state.isTaken {
        state.waiting.append(write)
        return false
      }
      state.isTaken = true
      return true
    }
    if isTurn { return .turn }
    write.signal.wait(for: timeout)
    let isLate = withState { state in
      let count = state.waiting.count
      state.waiting.removeAll { $0 === write }
      return state.waiting.count < count
    }
    if isLate { return .timeout }
    write.signal.wait()
    return write.isDone ? .done : .turn
  }

  /// How many wait by now.
  var waitingCount: Int { withState { $0.waiting.count } }

  /// The saves that wait by now; whoever has the turn does them too.
  func takeSaves() -> [QueuedWrite] {
    withState { state in
      let saves = state.waiting.filter { $0.save != nil }
      state.waiting.removeAll { $0.save != nil }
      return saves
    }
  }

  /// The lock file of the last turn, which is open, because to open it for each save takes time; else a new one.
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

  /// The other process that has the right to write, where one has made itself known.
  var holder: Int32? { kept.withLock { $0.value }?.writer }

  private func withState<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
    owned.withLock { body(&$0.value) }
  }

  /// Gives the turn to whoever waits longest.
  func leave() {
    let next: QueuedWrite? = withState { state in
      state.isTaken = !state.waiting.isEmpty
      return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
    }
    next?.signal.give()
  }
}
