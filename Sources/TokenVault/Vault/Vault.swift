internal import Synchronization
internal import VaultCrypto

/// A store in one encrypted file, shared by any number of threads and processes.
///
/// Its methods are synchronous and may be called from any thread. Reads take no lock and see what other processes
/// have saved; when a save or a delete returns, it survives a power cut. If one throws, the vault is as it was,
/// except after a failed flush (see <doc:Durability>), or if the method says otherwise.
///
/// A forked child may go on with its parent's vault, by the synchronous methods: it opens and locks its own files. If
/// another thread of the parent used the vault at the moment of the fork, the child may trap on a mutex that this thread
/// held, so fork first, or open the vault anew in the child.
public final class Vault: TokenStore {
  let configuration: VaultConfiguration
  let session: SharedSession
  /// The path of the file. Not asked of the session, which a thread may have for long.
  package let path: String
  let refreshes = SharedRefreshes()
  let queue = GroupCommitQueue()
  let compactions = CompactionThread()
  let decoding = DecodingThread()
  /// The threads on which tasks read and write. Reads do not wait for the writers' lock, so they have their own.
  let (readers, writers): (CallLane, CallLane)

  /// Opens the vault that the configuration names.
  ///
  /// This completes a key rotation that was killed.
  ///
  /// - Throws: ``TokenVaultError/noVault(path:previous:)``; ``TokenVaultError/keyUnavailable(path:attempts:slots:)`` with
  ///   all that was tried; ``TokenVaultError/damaged(path:place:)``;
  ///   ``TokenVaultError/rolledBack(path:generation:highest:)``; ``TokenVaultError/unsafePermissions(path:problem:remedy:)``; and what the system says.
  @available(*, noasync)
  public convenience init(_ configuration: VaultConfiguration) throws(TokenVaultError) {
    let access = VaultAccess(try configuration.file(), configuration)
    self.init(configuration, try VaultSession.load(access))
  }

  init(_ configuration: VaultConfiguration, _ session: VaultSession) {
    self.configuration = configuration
    self.session = SharedSession(session)
    let path = session.access.file.location.path
    self.path = path
    let timeout = configuration.lockTimeout
    readers = CallLane(limit: 4)
    writers = CallLane(
      limit: 4,
      CallLane.Patience(time: timeout) { [queue] in queue.timeout(timeout, path) })
  }

  deinit {
    compactions.stop()
    decoding.stop()
    writeUses()
  }

  // MARK: One way to read

  /// Lends the newest state, with what other processes have written since; its records are decoded.
  func read<Result: Sendable>(
    _ body: (inout VaultSession) -> Result
  ) throws(TokenVaultError) -> Result {
    try withCurrentState { (session) throws(TokenVaultError) in
      try session.decode()
      return body(&session)
    }
  }

  /// Lends the newest state to a caller that does not need all records decoded.
  func withCurrentState<Result: Sendable>(
    _ body: (inout VaultSession) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    let (result, isDue) = try session.mutex.withLock { (session) throws(TokenVaultError) in
      try session.catchUp()
      return (try body(&session), session.toDecodeBeside != nil)
    }
    if isDue { decoding.start(for: session) }
    return result
  }

  // MARK: One way to write

  /// Runs a write transaction: takes the lock, reads the newest state, and lends it to `body`, which commits changes.
  ///
  /// The table has the uses of records that this vault has not written yet. Readers keep the old state until the commit
  /// is in the file, and never wait for a flush. This returns when the commit is durable.
  ///
  /// - Parameters:
  ///   - timeout: How long to wait for other writers, those of this process first; by default, what the configuration
  ///     says.
  ///   - queries: What finds all records that `body` reads or changes; nil for all. Then only these are decoded, if that
  ///     is quicker.
  ///   - tokens: What `body` saves.
  ///   - body: Changes the transaction and calls ``WriteTransaction/commit(previous:rewriting:)``. If it throws before
  ///     that, nothing is changed.
  /// - Throws: ``TokenVaultError/lockTimeout(path:seconds:holder:)``, what reading the vault throws, and what `body` throws.
  func write<Result: Sendable>(
    timeout: Duration? = nil, loading queries: [TokenQuery]? = nil,
    saving tokens: [OAuthToken] = [],
    _ body: (inout WriteTransaction) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    let timeout = timeout ?? configuration.lockTimeout
    guard case .turn = queue.enter(QueuedWrite(), timeout: timeout) else {
      throw queue.timeout(timeout, path)
    }
    defer { queue.leave() }
    return try writeInTurn(timeout: timeout, needsAll: queries == nil) {
      (transaction) throws(TokenVaultError) in
      if let queries { try transaction.load(queries, saving: tokens) }
      return try body(&transaction)
    }
  }

  /// Group commit: saves the records of a request in one transaction with those of all threads that wait by then.
  func save(_ request: SaveRequest) throws(TokenVaultError) -> [SaveOutcome] {
    let write = QueuedWrite(request)
    let outcome = queue.enter(write, timeout: configuration.lockTimeout)
    return try self.outcome(of: write, outcome)
  }

  /// What the caller of a save gets whose wait has ended so; commits the save if it is its turn.
  func outcome(
    of write: QueuedWrite, _ outcome: GroupCommitQueue.Outcome
  ) throws(TokenVaultError) -> [SaveOutcome] {
    switch outcome {
    case .done: break
    case .timeout: throw queue.timeout(configuration.lockTimeout, path)
    case .turn:
      let group = commitGroup(of: write)
      // Before the others are woken, so that the next write need not wait for them.
      queue.leave()
      for other in group where other !== write { other.wake() }
    }
    return try write.outcome()
  }

  private func commitGroup(of write: QueuedWrite) -> [QueuedWrite] {
    var group = [write]
    do throws(TokenVaultError) {
      let results = try writeInTurn(timeout: configuration.lockTimeout, needsAll: false) {
        (transaction) throws(TokenVaultError) in
        group += queue.dequeueSaves()
        return try transaction.save(group.compactMap(\.save), now: configuration.now())
      }
      for (write, result) in zip(group, results) { write.finish(result) }
    } catch {
      for write in group { write.finish(.failure(error)) }
    }
    return group
  }

  private func writeInTurn<Result: Sendable>(
    timeout: Duration, needsAll: Bool,
    _ body: (inout WriteTransaction) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    try prepare(needsAll: needsAll)
    let (lock, base) = try lockNewest(timeout: timeout, needsAll: needsAll)
    defer { queue.keep(lock.release()) }
    var transaction = WriteTransaction(base: consume base, under: lock)
    defer {
      if let file = transaction.failedFlush {
        session.mutex.withLock { $0.markFlushFailed(of: file) }
      }
    }
    let result = try body(&transaction)
    let unsynchronized = session.mutex.withLock { $0.finish(transaction) }
    // Released before the flush, so that other processes append meanwhile.
    queue.keep(lock.release())
    if let unsynchronized { try synchronize(unsynchronized) }
    if transaction.hasCompacted { configuration.onEvent?(.compacted(path: path)) }
    if transaction.isCompactionDue { compactions.start(transaction.session) }
    decoding.start(for: session)
    return result
  }

  /// Reads a large vault before the lock is taken, and decodes it if that is due and no thread does it, so that little is left to read under it.
  private func prepare(needsAll: Bool) throws(TokenVaultError) {
    try session.mutex.withLock { (session) throws(TokenVaultError) in
      guard session.log.isLarge else { return }
      if try session.isReplaced() { try session.catchUp() }
      if needsAll || session.records.isWorthDecoding { try session.decode() }
    }
  }

  /// Takes the lock, and reads under it what other processes have written: all decisions are made on that.
  private func lockNewest(
    timeout: Duration, needsAll: Bool
  ) throws(TokenVaultError) -> (WriterLock, VaultSession) {
    let (file, version) = session.mutex.withLock { ($0.access.file, $0.version) }
    let lock = try TokenVaultError.wrap(
      file: file.lock(timeout: timeout, kept: queue.lockFile(of: file)))
    do throws(TokenVaultError) {
      // Readers need not wait for the inode's lock, too.
      try TokenVaultError.wrap(file: file.hold(version, by: lock))
      let base = try session.mutex.withLock { (session) throws(TokenVaultError) in
        try session.catchUp(under: lock)
        if needsAll { try session.decode() }
        return session
      }
      return (lock, base)
    } catch {
      queue.keep(lock.release())
      throw error
    }
  }

  /// Flushes a log entry, and remembers its generation, unless a higher one is remembered by then.
  ///
  /// If the flush fails, other processes may have read the entry by now, so that it cannot be taken back: the vault is
  /// rewritten, which makes the entry durable, too. If that fails, this throws, and the entry may survive or not.
  private func synchronize(_ appended: AppendedEntry) throws(TokenVaultError) {
    guard session.mutex.withLock(\.isReliable) else { return try rewrite() }
    do throws(FileError) {
      try appended.file.synchronize(appended.version)
      // The process that has replaced the file may have been killed before it flushed the name.
      if !appended.isNameSynchronized { try appended.file.synchronizeDirectory() }
    } catch {
      session.mutex.withLock { $0.markFlushFailed(of: appended.version) }
      guard (try? rewrite()) != nil else { throw TokenVaultError(error) }
      return
    }
    // Only now: what is remembered must not be ahead of what survives a power cut.
    appended.memory.remember(appended.generation, of: appended.store)
    session.mutex.withLock { session in
      session.markSynchronized(appended.version, entries: appended.number)
      session.markRemembered(appended.generation)
    }
  }

  private func rewrite() throws(TokenVaultError) {
    try writeInTurn(timeout: configuration.lockTimeout, needsAll: true) {
      (transaction) throws(TokenVaultError) in
      try transaction.commit(previous: .leave, rewriting: true)
    }
  }
}
