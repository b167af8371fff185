internal import Synchronization

/// The records of a vault at one moment, whatever is saved later. Finding one is no use of it.
package final class RecordSnapshot: Sendable {
  private let table: Mutex<TokenTable>
  private let time: VaultTime
  /// How often the vault had been written.
  package let generation: UInt64

  init(_ session: VaultSession, at now: Timestamp) {
    table = Mutex(session.table)
    (time, generation) = (session.header.time(at: now), session.generation)
  }

  /// The record that the query means; nil if there is none, or a limit had ended it by then.
  ///
  /// - Throws: ``TokenVaultError/severalClients(_:record:)``.
  package func findToken(matching query: TokenQuery) throws(TokenVaultError) -> OAuthToken? {
    let (match, policy) = table.withLock { ($0.match(query), $0.policy) }
    guard let token = try FoundRecord(match)?.token else { return nil }
    return policy.ended(token, at: time) == nil ? token : nil
  }
}

extension Vault {
  /// The records as they are now; all are decoded.
  ///
  /// - Throws: As ``findToken(matching:)``.
  @available(*, noasync)
  package func recordSnapshot() throws(TokenVaultError) -> RecordSnapshot {
    let now = configuration.now()
    return try read { RecordSnapshot($0, at: now) }
  }

  /// The same without blocking the thread of a task.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  package func recordSnapshot() async throws -> RecordSnapshot {
    try await readers.run { try self.recordSnapshot() }
  }
}
