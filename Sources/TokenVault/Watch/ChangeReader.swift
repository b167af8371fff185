/// Finds the changes of a vault: reads it when it may have been replaced, and compares it with what it was.
package struct ChangeReader: Sendable {
  /// The records at one moment.
  private struct Look: Sendable {
    /// Not the table, whose index would be copied when that changes.
    let tokens: CopyOnWriteBlocks<OAuthToken>
    let policy: RetentionPolicy
    let generation: UInt64
    /// Of the file that was read. It is not held open: what was deleted is to be gone from the disk.
    let status: FileStatus

    init(_ state: VaultSession) {
      (tokens, policy) = (state.table.tokens, state.table.policy)
      (generation, status) = (state.generation, state.version.status)
    }

    func isSameVersion(as other: Look) -> Bool {
      generation == other.generation && status == other.status
    }
  }

  /// How the vault's file is watched.
  typealias Watching = @Sendable (VaultFile) throws(FileError) -> DirectoryWatch

  private let vault: Vault
  private let file: VaultFile
  private let watching: Watching
  private var last: Look
  /// What was found and not yet taken.
  private var found = TableDiff()
  private var watch: DirectoryWatch?

  /// Begins with the vault as it is now.
  init(
    _ vault: Vault,
    watching: @escaping Watching = { (file) throws(FileError) in try DirectoryWatch(file) }
  ) throws(TokenVaultError) {
    (self.vault, self.watching) = (vault, watching)
    (last, file) = try vault.read { (Look($0), $0.access.file) }
  }

  /// The next change; blocks this thread until there is one. Throws as `VaultChanges`.
  package mutating func next() throws(TokenVaultError) -> VaultChange {
    while true {
      if let change = try take() { return change }
      guard let watch else { continue }
      let outcome: DirectoryWatch.Outcome
      do { outcome = try watch.wait() } catch { throw TokenVaultError(error) }
      if outcome == .lost { self.watch = nil }
    }
  }

  /// The same without blocking a thread while it waits; nil where the task is cancelled. Reading the vault is no
  /// work for an actor that others wait for, so it is done in Swift's pool.
  @concurrent mutating func nextUnlessCancelled() async throws(TokenVaultError) -> VaultChange? {
    while !Task.isCancelled {
      if let change = try take() { return change }
      guard let watch else { continue }
      let outcome: DirectoryWatch.Outcome
      do { outcome = try await watch.waitOnThread() } catch { throw TokenVaultError(error) }
      if outcome == .lost { self.watch = nil }
    }
    return nil
  }

  /// The next change that there is; nil where there is none yet.
  private mutating func take() throws(TokenVaultError) -> VaultChange? {
    if let change = found.next() { return change }
    // Before the vault is read, so that nothing falls between.
    if watch == nil {
      do { watch = try watching(file) } catch { throw TokenVaultError(error) }
    }
    let look = try vault.read { Look($0) }
    if look.isSameVersion(as: last) { return nil }
    found = TableDiff(
      from: last.tokens, to: look.tokens, policy: look.policy, at: vault.configuration.now())
    last = look
    return found.next()
  }
}
