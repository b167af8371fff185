internal import Glibc
internal import Synchronization

/// The session of an open store, which its threads share with it.
///
/// A class, because a thread must not hold the store, which waits for the thread's end before its own.
final class SharedSession: Sendable {
  private let session: Mutex<VaultSession>

  init(_ session: VaultSession) { self.session = Mutex(session) }

  /// Lends the session to one thread at a time.
  func withLock<Result: Sendable, Failure>(
    _ body: (inout VaultSession) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try session.withLock { (session) throws(Failure) in try body(&session) }
  }

  /// Lends the session to a thread that must end when it is cancelled: the one that cancels it may have the session, as a
  /// prompt for a passphrase that ends the process.
  ///
  /// - Returns: Nil if it was cancelled.
  func withLock<Result: Sendable>(
    unless isCancelled: () -> Bool, _ body: (inout VaultSession) -> Result
  ) -> Result? {
    while !isCancelled() {
      if let result = session.withLockIfAvailable({ body(&$0) }) { return result }
      usleep(1000)
    }
    return nil
  }
}
