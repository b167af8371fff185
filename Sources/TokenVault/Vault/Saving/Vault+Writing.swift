internal import Glibc
internal import Synchronization

extension Vault {
  /// Takes the right to write, and lends the newest state to change and commit.
  ///
  /// Uses of records that this store has not written yet are in what it lends. Waits for other writers as the
  /// configuration says, or for `timeout`: for those of this process first, then for others.
  func withWriter<Result: Sendable>(
    timeout: Duration? = nil,
    _ body: (inout WriteTransaction) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    let timeout = timeout ?? configuration.lockTimeout
    guard case .turn = turns.enter(QueuedWrite(), timeout: timeout) else {
      throw turnTimeout(timeout)
    }
    defer { turns.leave() }
    try prepare()
    let (lock, base) = try withNewest(timeout: timeout) { $0 }
    return try write(base, under: lock, body)
  }

  /// Saves what `requests` gives once the lock is had, in one commit; for whoever has the turn.
  ///
  /// In a large vault that is done in place, so that not even a part of the table is copied; other threads wait for
  /// the write, and not for the flush.
  func saveInTurn(
    _ requests: () -> [SaveRequest]
  ) throws(TokenVaultError) -> [SaveRequest.Result] {
    let now = configuration.now()
    try prepare()
    let (lock, outcome) = try withNewest(timeout: configuration.lockTimeout) {
      (state) throws(TokenVaultError) -> InPlaceOutcome in
      let requests = requests()
      if let saved = try state.saveInPlace(requests, now: now) { return .saved(saved) }
      return .needsReplace(of: state, for: requests)
    }
    switch outcome {
    case .saved(let saved):
      turns.keep(lock.release())
      if let appended = saved.appended { try synchronize(appended) }
      return saved.results
    case .needsReplace(let base, let requests):
      return try write(base, under: lock) { (writer) throws(TokenVaultError) in
        try writer.save(requests, now: now)
      }
    }
  }

  /// What has come of saves in place.
  private enum InPlaceOutcome: Sendable {
    case saved(VaultSession.SavedInPlace)
    case needsReplace(of: VaultSession, for: [SaveRequest])
  }

  /// Reads and decodes what takes long in a large vault, while nobody waits for the lock: there is little left to read
  /// under it.
  private func prepare() throws(TokenVaultError) {
    try state.withLock { (state) throws(TokenVaultError) in
      guard state.isLarge else { return }
      try state.catchUp()
      try state.decode()
    }
  }

  /// Takes the lock, reads under it what others have written, and lends that: all decisions are made on it.
  private func withNewest<Result: Sendable>(
    timeout: Duration, _ body: (inout VaultSession) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> (WriterLock, Result) {
    let (file, version) = state.withLock { ($0.access.file, $0.version) }
    let lock: WriterLock
    do throws(FileError) {
      lock = try file.lock(timeout: timeout, kept: turns.lockFile(of: file))
      // Readers need not wait for it with us.
      try file.hold(version, by: lock)
    } catch {
      throw TokenVaultError(error)
    }
    do throws(TokenVaultError) {
      let result = try state.withLock { (state) throws(TokenVaultError) in
        try state.catchUp(under: lock)
        try state.decode()
        return try body(&state)
      }
      return (lock, result)
    } catch {
      turns.keep(lock.release())
      throw error
    }
  }

  /// Lends the newest state, which was read under the lock, to change and commit; lets the lock go.
  private func write<Result: Sendable>(
    _ base: VaultSession, under lock: WriterLock,
    _ body: (inout WriteTransaction) throws(TokenVaultError) -> Result
  ) throws(TokenVaultError) -> Result {
    defer { turns.keep(lock.release()) }
    // The state keeps being lent to readers while its changed copy is written.
    var writer = WriteTransaction(base: base, under: lock)
    let result = try body(&writer)
    turns.keep(lock.release())
    guard let committed = writer.committed else {
      // What is as it should be may be another process's, and on its way to the disk.
      if let newest = writer.unsynchronized { try synchronize(newest) }
      return result
    }
    if let appended = writer.appended { try synchronize(appended) }
    state.withLock { $0.advance(to: committed) }
    return result
  }

  /// Makes a commit durable, and remembers its generation, unless a higher one is remembered by then.
  ///
  /// Others may have read it by now, so that it cannot be taken back where that fails: all is written anew then, which
  /// makes it durable too. Where even that fails, it is an error, and the commit may survive or not.
  private func synchronize(_ appended: AppendedEntry) throws(TokenVaultError) {
    guard state.withLock(\.isReliable) else { return try rewrite() }
    do throws(FileError) {
      try appended.file.synchronize(appended.version)
      // Whoever has put the file there may have been killed before its name was on the disk.
      if !appended.isNameSynchronized { try appended.file.synchronizeDirectory() }
    } catch {
      state.withLock { $0.noteFailedFlush(of: appended.version) }
      do throws(TokenVaultError) { return try rewrite() } catch _ { throw TokenVaultError(error) }
    }
    // Only now: what is remembered must not be ahead of what survives a power cut.
    appended.memory.remember(appended.generation, of: appended.store)
    state.withLock { state in
      state.noteSynchronized(appended.version)
      state.noteRemembered(appended.generation)
    }
  }

  private func rewrite() throws(TokenVaultError) {
    let (lock, base) = try withNewest(timeout: configuration.lockTimeout) { $0 }
    try write(base, under: lock) { (writer) throws(TokenVaultError) in
      try writer.commit(previous: .leave, rewriting: true)
    }
  }

  /// The error of a thread that has waited for another thread of this process, which may itself have waited for another
  /// process: that one is named.
  func turnTimeout(_ timeout: Duration) -> TokenVaultError {
    .lockTimeout(
      path: state.withLock { $0.access.file.location.path }, seconds: timeout / .seconds(1),
      holder: turns.holder ?? getpid())
  }
}
