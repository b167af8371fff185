internal import Synchronization
internal import VaultCrypto

/// A store in one encrypted file, shared by any number of threads and processes.
///
/// Its methods are synchronous and may be called from any thread. Reads take no lock and see what other
/// processes have saved; when a save or a delete returns, it survives a power cut. On any error the file
/// is as it was, but for one case that `Durability` tells of.
///
/// A forked child may go on with its parent's vault, by the synchronous methods: it opens and locks its own files. If
/// another thread of the parent used the vault at the moment of the fork, the child may trap on a mutex that this thread
/// held, so fork first, or open the vault anew in the child.
public final class Vault: TokenStore {
  let configuration: VaultConfiguration
  let state: Mutex<VaultSession>
  let refreshes = SharedRefreshes()
  let turns = GroupCommitQueue()

  /// Opens the vault that the configuration names; it must be there.
  ///
  /// A key rotation that was killed is brought to its end. Throws `noVault`, `keyUnavailable` with all that
  /// was tried, `damaged`, `rolledBack`, `unsafePermissions`, or what the system says.
  public convenience init(_ configuration: VaultConfiguration) throws(TokenVaultError) {
    let access = VaultAccess(try configuration.file(), configuration)
    self.init(configuration, try VaultSession.load(access))
  }

  init(_ configuration: VaultConfiguration, _ state: VaultSession) {
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
  func adopt(_ found: UnlockedKey) throws(TokenVaultError) {
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
  /// Where it cannot be, that is no error. Throws `severalClients` if the query fits records of several clients and names
  /// none; of several records of one client, it means the oldest. Throws `noVault`, `damaged`, `keyUnavailable`, `keyChanged` or `rolledBack` where the file was replaced
  /// and what is there now cannot be opened.
  public func findToken(matching query: TokenQuery) throws(TokenVaultError) -> OAuthToken? {
    if case .record(let found) = try findAndMarkUsed(query) { found.token } else { nil }
  }

  /// The record with this id, or nil; throws as `findToken(matching:)`.
  public func findToken(id: String) throws(TokenVaultError) -> OAuthToken? {
    try findToken(matching: TokenQuery(id: id))
  }

  /// All records, the oldest first; throws as `findToken(matching:)`.
  public func allTokens() throws(TokenVaultError) -> [OAuthToken] {
    Array(try read { $0.table.tokens })
  }

  /// Lends the newest state, with what other processes have written since; its records are decoded.
  func read<Result: Sendable>(
    _ body: (inout VaultSession) -> Result
  ) throws(TokenVaultError) -> Result {
    try withCurrentState { (state) throws(TokenVaultError) in
      try state.decode()
      return body(&state)
    }
  }

  /// The same for those who do not need all records decoded.
  func withCurrentState<Result: Sendable>(
    _ body: (inout VaultSession) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    try state.withLock { (state) throws(TokenVaultError) in
      try state.catchUp()
      return try body(&state)
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
      try writer.commit(previous: .keep, rewriting: true)
    }
  }
}
