internal import Synchronization

/// A thread that wants to write a vault.
final class QueuedWrite: Sendable {
  /// What another thread may do along with its own; nil for what is done alone.
  let save: SaveRequest?
  /// Given when it is this thread's turn, or when another has done it.
  let signal = ThreadSignal()
  private let result = Mutex<SaveRequest.Result?>(nil)

  init(_ save: SaveRequest? = nil) { self.save = save }

  /// Whether a thread has done it.
  var isDone: Bool { result.withLock { $0 != nil } }

  /// Notes what has come of it.
  func finish(_ outcome: SaveRequest.Result) { result.withLock { $0 = outcome } }

  /// What has come of it, once it is done.
  func outcome() throws(TokenVaultError) -> [SaveOutcome] {
    guard let result = result.withLock({ $0 }) else { return [] }
    return try result.get()
  }
}
