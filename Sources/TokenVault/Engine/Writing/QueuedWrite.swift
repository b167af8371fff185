internal import Synchronization

/// The place of a thread, or of a task, in the ``GroupCommitQueue``.
final class QueuedWrite: Sendable {
  /// The save that another thread may commit along with its own; nil for a transaction that runs alone.
  let save: SaveRequest?
  /// Given when this thread's turn has come, another thread has committed its save, or it has left the queue.
  let signal = ThreadSignal()
  private let result = Mutex<SaveRequest.Result?>(nil)
  /// Whether it has left the queue before its turn.
  let isAbandoned = Atomic(false)
  /// Taken out when it is called, because it may hold the store.
  private let waking: Mutex<(@Sendable (QueuedWrite) -> Void)?>

  /// A place; `waking` is called in the place of the signal, for a caller that does not wait on a thread.
  init(_ save: SaveRequest? = nil, waking: (@Sendable (QueuedWrite) -> Void)? = nil) {
    self.save = save
    self.waking = Mutex(waking)
  }

  /// Tells the caller that its wait is over; called once.
  func wake() {
    if let waking = waking.withLock({ $0.take() }) { waking(self) } else { signal.give() }
  }

  /// Whether a thread has committed or refused the save.
  var isDone: Bool { result.withLock { $0 != nil } }

  func finish(_ outcome: SaveRequest.Result) { result.withLock { $0 = outcome } }

  /// The outcomes of the save, once it is done.
  func outcome() throws(TokenVaultError) -> [SaveOutcome] {
    guard let result = result.withLock({ $0 }) else { return [] }
    return try result.get()
  }
}
