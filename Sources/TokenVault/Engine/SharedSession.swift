internal import Glibc
internal import Synchronization

/// The session of an open store, which its threads share with it.
///
/// A class, because a thread must not hold the store, which waits for the thread's end before its own.
final class SharedSession: Sendable {
  let mutex: Mutex<VaultSession>

  init(_ session: VaultSession) { mutex = Mutex(session) }

  /// Lends the session to a thread that must end when it is cancelled: the one that cancels it may have the session, as a
  /// prompt for a passphrase that ends the process.
  ///
  /// - Returns: Nil if it was cancelled.
  func lend<Result: Sendable>(
    unless isCancelled: () -> Bool, _ body: (inout VaultSession) -> Result
  ) -> Result? {
    while !isCancelled() {
      if let result = mutex.withLockIfAvailable({ body(&$0) }) { return result }
      usleep(1000)
    }
    return nil
  }
}
