internal import Synchronization

/// A thread's place in the ``GroupCommitQueue``.
final class QueuedWrite: Sendable {
  /// The save that another thread may commit along with its own; nil for a transaction that runs alone.
  let save: SaveRequest?
  /// Given when this thread's turn has come, or another thread has committed its save.
  let signal = ThreadSignal()
  private let result = Mutex<SaveRequest.Result?>(nil)

  init(_ save: SaveRequest? = nil) { self.save = save }

  /// Whether a thread has committed or refused the save.
  var isDone: Bool { result.withLock { $0 != nil } }

  func finish(_ outcome: SaveRequest.Result) { result.withLock { $0 = outcome } }

  /// The outcomes of the save, once it is done.
  func outcome() throws(TokenVaultError) -> [SaveOutcome] {
    guard let result = result.withLock({ $0 }) else { return [] }
    return try result.get()
  }
}
