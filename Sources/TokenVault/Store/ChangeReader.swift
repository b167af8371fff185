/// Finds the changes of a vault: reads it when it may have been replaced, and compares it with what it was.
package struct ChangeReader: Sendable {
  private let vault: Vault
  private let location: VaultLocation
  /// The records when they were last compared. Not the table, whose index would be copied when that changes.
  private var tokens: [OAuthToken]
  /// What was found and not yet taken.
  private var found = TableDifference()
  private var watch: DirectoryWatch?

  init(_ vault: Vault, _ tokens: [OAuthToken], _ location: VaultLocation) {
    (self.vault, self.tokens, self.location) = (vault, tokens, location)
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

  /// The same without blocking the thread; nil where the task is cancelled.
  mutating func next(
    isolation: isolated (any Actor)?
  ) async throws(TokenVaultError) -> VaultChange? {
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
      do { watch = try DirectoryWatch(location) } catch { throw TokenVaultError(error) }
    }
    let (new, policy) = try vault.read { ($0.table.tokens, $0.table.policy) }
    found = TableDifference(from: tokens, to: new, policy: policy, at: vault.configuration.now())
    tokens = new
    return found.next()
  }
}
