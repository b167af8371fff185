/// The changes of a vault by any thread or process, as they are made (``Vault/changes()``).
///
/// Each loop gets all changes since the call, and ends when its task is cancelled. While it waits, it uses no processor
/// time and blocks no thread of Swift's pool; if the kernel has no watches left, it polls the vault once a second. The
/// changes of one record come in their order, one for each revision. What came and went between two readings is not
/// reported: a record that was inserted and deleted, the last updates of a deleted one, a refusal followed by a new login.
///
/// A loop throws, and is over, when the vault can no longer be read: ``TokenVaultError/noVault(path:previous:)`` if it was
/// removed, ``TokenVaultError/noDirectory(path:)`` if its directory was, and as ``Vault/findToken(matching:)``. A rotation
/// of the keys is no change; the loop goes on if it finds the new key.
public struct VaultChanges: AsyncSequence, Sendable {
  /// The error that ends a loop before its task.
  public typealias Failure = TokenVaultError

  let start: ChangeReader

  /// Begins with the changes since ``Vault/changes()`` was called.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: start) }

  /// Waits for the changes one after the other.
  public struct AsyncIterator: AsyncIteratorProtocol {
    /// Nil at the end, so that the watch is closed.
    fileprivate var reader: ChangeReader?

    /// The next change; nil once the task is cancelled, or after an error.
    ///
    /// - Throws: As ``VaultChanges`` says.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(TokenVaultError) -> VaultChange? {
      guard var reader else { return nil }
      self.reader = nil
      guard let change = try await reader.nextUnlessCancelled() else { return nil }
      self.reader = reader
      return change
    }

    /// Drops the changes that were found with the last one, for a caller that reads the vault itself.
    package mutating func skipRest() { reader?.skipRest() }
  }
}
