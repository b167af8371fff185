extension Vault: RefreshableStore {
  var refreshLimits: RefreshLimits {
    RefreshLimits(
      lock: configuration.lockTimeout, call: configuration.refreshTimeout,
      save: configuration.savePatience)
  }

  func attemptLock(ofRecord id: String) throws(TokenVaultError) -> (any RefreshRight)? {
    let (file, store) = try withCurrentState { ($0.access.file, $0.header.store) }
    let byte = try TokenVaultError.wrap(crypto: store.lockByte(ofRecord: id))
    return try TokenVaultError.wrap(file: file.attemptLock(ofRecord: byte))
  }

  func update<Result: Sendable>(
    record id: String, timeout: Duration?, saving tokens: [OAuthToken],
    _ body: (inout TokenTable, VaultTime) throws(TokenVaultError) -> (Result, RecordCommit)
  ) throws(TokenVaultError) -> Result {
    try write(timeout: timeout, loading: [TokenQuery(id: id)], saving: tokens) {
      (transaction) throws(TokenVaultError) in
      let time = transaction.header.time(at: configuration.now())
      let (result, commit) = try body(&transaction.table, time)
      switch commit {
      case .nothing: break
      case .mark: try transaction.commit(previous: .leave)
      case .revision(let record):
        try transaction.table.checkStorable(
          [SaveOutcome(change: .updated, token: record)], as: transaction.header.format)
        try transaction.commit(previous: .keep)
      }
      return result
    }
  }

  func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value { try await readers.run(body) }

  func report(_ event: VaultEvent) { configuration.onEvent?(event) }

  func pause(microseconds: UInt32) { configuration.disk.pause(microseconds: microseconds) }
}
