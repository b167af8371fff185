internal import Glibc
internal import Synchronization

extension Vault {
  /// Takes the right to write, and lends the newest state to change and commit.
  ///
  /// Uses of records that this store has not written yet are in what it lends. Waits for other writers as the
  /// configuration says, or for `timeout`: for those of this process first, then for others.
  func withWriter<Result: Sendable>(
    timeout: Duration? = nil,
    _ body: (inout VaultWriter) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    let timeout = timeout ?? configuration.lockTimeout
    guard case .turn = turns.enter(WaitingWrite(), timeout: timeout) else {
      throw turnTimeout(timeout)
    }
    defer { turns.leave() }
    return try writeInTurn(timeout: timeout, body)
  }

  /// The same for whoever has the turn among the threads of this process.
  func writeInTurn<Result: Sendable>(
    timeout: Duration, _ body: (inout VaultWriter) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    let (result, writer) = try writeUnderLock(timeout: timeout, body)
    guard var committed = writer.committed else { return result }
    if let appended = writer.appended {
      try synchronize(appended, in: committed.access.file)
      committed.remember()
    }
    let newest = committed
    state.withLock { $0.advance(to: newest) }
    return result
  }

  private func writeUnderLock<Result: Sendable>(
    timeout: Duration, _ body: (inout VaultWriter) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> (Result, VaultWriter) {
    let file = state.withLock { $0.access.file }
    let lock: WriterLock
    do { lock = try file.lock(timeout: timeout) } catch { throw TokenVaultError(error) }
    defer { withExtendedLifetime(lock) {} }
    // The state keeps being lent to readers while its changed copy is written.
    var writer = VaultWriter(
      base: try state.withLock { (state) throws(TokenVaultError) in
        try state.refresh(holdsLock: true)
        try state.decode()
        return state
      })
    let result = try body(&writer)
    return (result, writer)
  }

  private func synchronize(
    _ appended: VaultFile.Appended, in file: VaultFile
  ) throws(TokenVaultError) {
    do { try file.synchronize(appended) } catch { throw TokenVaultError(error) }
  }

  /// The error of who has waited for another thread of this process.
  func turnTimeout(_ timeout: Duration) -> TokenVaultError {
    .lockTimeout(
      path: state.withLock { $0.access.file.location.path }, seconds: timeout / .seconds(1),
      holder: getpid())
  }
}
