/// The changes of a vault by any thread or process, as they are made; see `Vault.changes()`.
///
/// Each loop gets all changes since the call, and ends when its task is cancelled. While it waits, it takes no
/// time of any processor and blocks no thread of Swift's pool; where the kernel has no watches left, it looks at
/// the vault once a second. The changes of one record come in their order,
/// one for each revision. What came and went between two readings is not seen: a record that was inserted and
/// deleted, the last updates of a deleted one, a refusal followed by a new login.
///
/// A loop throws, and is over, when the vault can no longer be read: `noVault` where it was removed,
/// `noDirectory` where its directory was; `damaged`, `rolledBack`, `keyChanged` and `keyUnavailable` as every
/// read. A rotation of the keys is no change, and goes by unnoticed where the new key can be had.
public struct VaultChanges: AsyncSequence, Sendable {
  /// Why a loop ends before its task.
  public typealias Failure = TokenVaultError

  let start: ChangeReader

  /// Begins with what has changed since `Vault.changes()` was called.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: start) }

  /// Waits for one change after the other.
  public struct AsyncIterator: AsyncIteratorProtocol {
    /// Nil at the end, so that everything it had open is closed.
    fileprivate var reader: ChangeReader?

    /// The next change; nil once the task is cancelled, or after an error.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(TokenVaultError) -> VaultChange? {
      guard var reader else { return nil }
      self.reader = nil
      guard let change = try await reader.nextUnlessCancelled() else { return nil }
      self.reader = reader
      return change
    }
  }
}
