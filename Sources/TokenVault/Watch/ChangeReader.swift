/// Finds the changes of a vault: waits until its file may have changed, reads it, and compares the tables.
package struct ChangeReader: Sendable {
  /// The records at one moment.
  private struct State: Sendable {
    /// Not the table, so that its index is not copied when the vault changes.
    let tokens: CopyOnWriteBlocks<OAuthToken>
    let policy: RetentionPolicy
    let generation: UInt64
    /// The status of the file. The file is not held open, so that deleted records are gone from the disk.
    let status: FileStatus

    init(_ session: VaultSession) {
      (tokens, policy) = (session.table.tokens, session.table.policy)
      (generation, status) = (session.generation, session.version.status)
    }

    func isSameVersion(as other: State) -> Bool {
      generation == other.generation && status == other.status
    }
  }

  /// Begins to watch a vault; tests give another one.
  typealias Watching = @Sendable (VaultFile) throws(FileError) -> DirectoryWatch

  private let vault: Vault
  private let file: VaultFile
  private let watching: Watching
  private var last: State
  /// Changes that were found, and not returned yet.
  private var found = TableDiff()
  private var watch: DirectoryWatch?

  init(
    _ vault: Vault,
    watching: @escaping Watching = { (file) throws(FileError) in try DirectoryWatch(file) }
  ) throws(TokenVaultError) {
    (self.vault, self.watching) = (vault, watching)
    (last, file) = try vault.read { (State($0), $0.access.file) }
  }

  /// The next change; blocks this thread until there is one.
  ///
  /// - Throws: As ``VaultChanges``.
  package mutating func next() throws(TokenVaultError) -> VaultChange {
    while true {
      if let change = try poll() { return change }
      guard let watch else { continue }
      let outcome = try TokenVaultError.wrap(file: watch.wait())
      if outcome == .lost { self.watch = nil }
    }
  }

  /// The same without blocking the task's thread; nil if the task is cancelled.
  mutating func nextUnlessCancelled() async throws(TokenVaultError) -> VaultChange? {
    while !Task.isCancelled {
      if let change = try await pollOnThread() { return change }
      guard let watch else { continue }
      let outcome: DirectoryWatch.Outcome
      do { outcome = try await watch.waitOnThread() } catch { throw TokenVaultError(error) }
      if outcome == .lost { self.watch = nil }
    }
    return nil
  }

  /// Drops the changes that were found with the last one, for a caller that reads the vault itself.
  mutating func skipRest() { found = TableDiff() }

  /// Nil also if the task is cancelled.
  private mutating func pollOnThread() async throws(TokenVaultError) -> VaultChange? {
    if let change = found.next() { return change }
    let (reader, vault) = (self, vault)
    let polled: Polled
    do {
      polled = try await vault.readers.run {
        var reader = reader
        let change = Result { () throws(TokenVaultError) in try reader.poll() }
        return (reader, change)
      }
    } catch { return nil }  // Cancelled.
    self = polled.reader
    return try polled.change.get()
  }

  private typealias Polled = (reader: ChangeReader, change: Result<VaultChange?, TokenVaultError>)

  private mutating func poll() throws(TokenVaultError) -> VaultChange? {
    if let change = found.next() { return change }
    // Before the vault is read, so that no change is missed in between.
    if watch == nil {
      watch = try TokenVaultError.wrap(file: watching(file))
    }
    let state = try vault.read { State($0) }
    if state.isSameVersion(as: last) { return nil }
    found = TableDiff(
      from: last.tokens, to: state.tokens, policy: state.policy, at: vault.configuration.now())
    last = state
    return found.next()
  }
}
