/// A store whose records are refreshed once among all that ask: what ``RecordRefresh`` needs of it.
protocol RefreshableStore: AnyObject, Sendable {
  /// The refreshes that tasks wait for.
  var refreshes: SharedRefreshes { get }
  var refreshLimits: RefreshLimits { get }

  /// What the clock says, and what the store knows of it.
  func time() -> VaultTime
  /// The record that the query means, for a caller that uses it.
  func requireRecord(matching query: TokenQuery) throws(TokenVaultError) -> FoundRecord
  /// The record that the query means, ended or not; no use of it.
  func findWithoutUse(_ query: TokenQuery) throws(TokenVaultError) -> OAuthToken?
  /// Tries to get the right to refresh a record; nil if another caller has it.
  func attemptLock(ofRecord id: String) throws(TokenVaultError) -> (any RefreshRight)?

  /// Changes a record in one transaction.
  ///
  /// - Parameters:
  ///   - id: The record that `body` reads and changes.
  ///   - timeout: How long to wait for other writers; by default, what the store says.
  ///   - tokens: What `body` merges into it.
  ///   - body: Changes the table, and says what of that to commit. If it throws, nothing is changed.
  func update<Result: Sendable>(
    record id: String, timeout: Duration?, saving tokens: [OAuthToken],
    _ body: (inout TokenTable, VaultTime) throws(TokenVaultError) -> (Result, RecordCommit)
  ) throws(TokenVaultError) -> Result

  /// Runs `body`, which may wait for a lock or a disk, off the calling task's thread.
  func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value
  /// Tells the program's log of the end of a call.
  func report(_ event: VaultEvent)
  /// Blocks the thread before a write is tried again.
  func pause(microseconds: UInt32)
}

/// What of a transaction of a refresh is to be committed.
enum RecordCommit: Sendable {
  case nothing
  /// A mark in the history of the record.
  case mark
  /// A new revision of the record.
  case revision(OAuthToken)
}

/// The right to refresh a record, held until this is released.
protocol RefreshRight: AnyObject, Sendable {
  /// Whether it still excludes other processes.
  func isCurrent() throws(FileError) -> Bool
}

extension RecordLock: RefreshRight {}
