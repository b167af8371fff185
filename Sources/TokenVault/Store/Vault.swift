internal import Synchronization
internal import VaultCrypto

/// A store in one encrypted file, shared by any number of threads and processes.
///
/// Its methods are synchronous and may be called from any thread. Reads take no lock and see what other
/// processes have saved; when a save or a delete returns, it survives a power cut. On any error the file
/// is as it was, but for one case that `Durability` tells of.
public final class Vault: TokenStore {
  let configuration: VaultConfiguration
  let state: Mutex<VaultState>
  let refreshes = SharedRefreshes()

  /// Opens the vault that the configuration names; it must be there.
  ///
  /// A key rotation that was killed is brought to its end. Throws `noVault`, `keyUnavailable` with all that
  /// was tried, `damaged`, `rolledBack`, `unsafePermissions`, or what the system says.
  public convenience init(_ configuration: VaultConfiguration) throws(TokenVaultError) {
    let access = VaultAccess(try configuration.file(), configuration)
    self.init(configuration, try VaultState.load(access))
  }

  init(_ configuration: VaultConfiguration, _ state: VaultState) {
    self.configuration = configuration
    self.state = Mutex(state)
  }

  deinit { writeUses() }

  /// Opens the vault with another key from now on: after `keyChanged`, or to hold a key that lasts longer.
  public func useKey(_ source: KeySource) throws(TokenVaultError) {
    var configuration = configuration
    configuration.key = source
    let new = configuration
    try state.withLock { (state) throws(TokenVaultError) in
      try state.change(to: VaultAccess(state.access.file, new))
    }
  }

  /// Goes on with the key that a rotation of ours has made, unless others have rotated since.
  func adopt(_ found: FoundKey) throws(TokenVaultError) {
    try state.withLock { (state) throws(TokenVaultError) in
      var access = state.access
      if let path = found.file?.path, path != state.found.file?.path {
        var configuration = configuration
        configuration.key = .file(path)
        access = VaultAccess(access.file, configuration)
      }
      try state.reload(access, with: found)
    }
  }

  // MARK: Reading

  /// The record that the query means, as any process saved it last; nil where there is none, or a limit of the
  /// vault has ended it.
  ///
  /// The record counts as used (see `RecordHistory.lastUsedAt`), for which the vault is written now and then.
  /// Where it cannot be, that is no error. Throws `noVault`, `damaged`, `keyUnavailable`, `keyChanged` or `rolledBack` where the file was replaced
  /// and what is there now cannot be opened.
  public func findToken(matching query: TokenQuery) throws(TokenVaultError) -> OAuthToken? {
    if case .record(let token) = try handOut(query) { token } else { nil }
  }

  /// The record with this id, or nil; throws as `findToken(matching:)`.
  public func findToken(id: String) throws(TokenVaultError) -> OAuthToken? {
    try findToken(matching: TokenQuery(id: id))
  }

  /// All records, the oldest first; throws as `findToken(matching:)`.
  public func allTokens() throws(TokenVaultError) -> [OAuthToken] {
    Array(try read { $0.table.tokens })
  }

  /// Lends the newest state, read again where another process has replaced the file.
  func read<Result: Sendable>(
    _ body: (inout VaultState) -> Result
  ) throws(TokenVaultError) -> Result {
    try state.withLock { (state) throws(TokenVaultError) in
      try state.refresh()
      return body(&state)
    }
  }

  // MARK: Saving

  /// Updates the record that `token` matches, or inserts it; durable when this returns.
  ///
  /// With `ifRevision`, the record must be at that revision, and with 0 there must be none: else
  /// `revisionConflict`. Throws `noCredential` for a new record without a token, `userConflict` for an id of
  /// another user, `unstorable` for what could not be read back, `lockTimeout` where another writer does not
  /// come to an end; the vault is unchanged then, and after every other error as `Durability` tells.
  @discardableResult
  public func save(
    _ token: OAuthToken, ifRevision: Int? = nil
  ) throws(TokenVaultError) -> SaveOutcome {
    let outcomes = try change { (table) throws(TokenVaultError) in
      try table.saveAll([token], now: configuration.now(), ifRevision: ifRevision)
    }
    return outcomes[0]
  }

  /// Saves all of these in one commit, or none of them.
  @discardableResult
  public func save(_ tokens: [OAuthToken]) throws(TokenVaultError) -> [SaveOutcome] {
    try change { (table) throws(TokenVaultError) in
      try table.saveAll(tokens, now: configuration.now())
    }
  }

  /// Takes in records of another store, all in one commit or none of them.
  ///
  /// They match by everything but their ids, which say nothing about this store's; a new record keeps its
  /// id where that is free. With `dryRun`, nothing is written, and the outcomes tell what would be.
  @discardableResult
  public func importTokens(
    _ tokens: [OAuthToken], dryRun: Bool = false
  ) throws(TokenVaultError) -> [SaveOutcome] {
    guard dryRun else {
      return try change { (table) throws(TokenVaultError) in
        try table.saveAll(tokens, now: configuration.now(), ignoringID: true)
      }
    }
    var (table, format) = try read { ($0.table, $0.header.format) }
    let outcomes = try table.saveAll(tokens, now: configuration.now(), ignoringID: true)
    try table.checkStorable(outcomes, as: format)
    return outcomes
  }

  private func change(
    _ body: (inout TokenTable) throws(TokenVaultError) -> [SaveOutcome]
  ) throws(TokenVaultError) -> [SaveOutcome] {
    try withWriter { (writer) throws(TokenVaultError) in
      let outcomes = try body(&writer.table)
      guard outcomes.contains(where: { $0.change != .unchanged }) else { return outcomes }
      try writer.table.checkStorable(outcomes, as: writer.header.format)
      try writer.commit(previous: .keep)
      return outcomes
    }
  }

  // MARK: Deleting

  /// Deletes the record with this id; throws `unknownID` where there is none, and `revisionConflict` where
  /// it is no longer at `ifRevision`.
  public func deleteToken(id: String, ifRevision: Int? = nil) throws(TokenVaultError) {
    try deleteTokens(ids: [id], ifRevision: ifRevision)
  }

  /// Deletes the records with these ids in one commit, or none of them where one is unknown.
  ///
  /// The snapshot before is removed too, so that what was deleted is gone from the disk.
  public func deleteTokens(
    ids: [String], ifRevision: Int? = nil
  ) throws(TokenVaultError) {
    if ids.isEmpty { return }
    try withWriter { (writer) throws(TokenVaultError) in
      do throws(TokenTableError) {
        try writer.table.delete(ids: ids, ifRevision: ifRevision)
      } catch {
        throw TokenVaultError(error)
      }
      try writer.commit(previous: .remove)
    }
  }

  /// Deletes all records and the snapshot before; ids go on from where they were.
  public func deleteAllTokens() throws(TokenVaultError) {
    try withWriter { (writer) throws(TokenVaultError) in
      writer.table.deleteAll()
      try writer.commit(previous: .remove)
    }
  }

  // MARK: Converting

  /// Writes the records in another format from now on.
  public func convert(to format: RecordFormat) throws(TokenVaultError) {
    try withWriter { (writer) throws(TokenVaultError) in
      if writer.header.format == format { return }
      let all = writer.table.tokens.map { SaveOutcome(change: .updated, token: $0) }
      try writer.table.checkStorable(all, as: format)
      writer.header.format = format
      try writer.commit(previous: .keep)
    }
  }

  /// Takes the right to write, and lends the newest state to change and commit.
  ///
  /// Uses of records that this store has not written yet are in what it lends. Waits for other writers as the
  /// configuration says, or for `timeout`.
  func withWriter<Result: Sendable>(
    timeout: Duration? = nil,
    _ body: (inout VaultWriter) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    let file = state.withLock { $0.access.file }
    let lock: WriterLock
    do { lock = try file.lock(timeout: timeout ?? configuration.lockTimeout) } catch {
      throw TokenVaultError(error)
    }
    defer { withExtendedLifetime(lock) {} }
    let base = try state.withLock { (state) throws(TokenVaultError) in
      try state.refresh(holdsLock: true)
      return state
    }
    var writer = VaultWriter(base: base)
    // The state keeps being lent to readers while the new file is written.
    let result = try body(&writer)
    if let committed = writer.committed { state.withLock { $0.advance(to: committed) } }
    return result
  }
}
