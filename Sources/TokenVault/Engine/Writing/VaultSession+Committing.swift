internal import VaultCrypto

extension VaultSession {
  /// Whether another log entry may be appended: not behind a write that was not finished, whose bytes must not be written
  /// over, nor after a failed flush.
  var mayAppend: Bool {
    isReliable && log.isClean && log.hasRoom(for: 0, in: header)
      && header.dataKeyID == found.dataKey.id
  }

  /// Appends a log entry, and goes on behind it.
  ///
  /// - Returns: The entry, which is not flushed yet; nil if there is no room for it.
  mutating func append(_ entry: LogEntry) throws(TokenVaultError) -> AppendedEntry? {
    var text = entry.encode(as: header.format)
    defer { text.cleanse() }
    guard log.hasRoom(for: text.count, in: header) else { return nil }
    if !log.hasRoomInExtent(for: text.count), try !beginExtent() { return nil }
    try write(text.span, entry)
    return newest
  }

  /// Makes all entries durable, and adds an extent, which begins with a summary of the last one.
  ///
  /// - Returns: False if the flush fails: the caller replaces the file, which makes them durable after all. Also if the
  ///   summary would leave too little room.
  private mutating func beginExtent() throws(TokenVaultError) -> Bool {
    guard (try? access.file.synchronize(version)) != nil else {
      markFlushFailed(of: version)
      return false
    }
    log.chain.markFlushed(log.chain.count)
    let text = try summary()
    guard log.hasRoom(for: text.count, in: header),
      let extent = try TokenVaultError.wrap(crypto: log.nextExtent(text.span))
    else { return false }
    let start = log.area.end(ofExtent: log.extent)
    version = try TokenVaultError.wrap(
      file: access.file.extend(version, with: extent.bytes.span, to: start))
    log = extent.position
    try openedDraft().begin(behind: log)
    return true
  }

  /// The text of a summary of the last extent.
  private func summary() throws(TokenVaultError) -> [UInt8] {
    if let text = draft?.text(of: log) { return text }
    let hash = try TokenVaultError.wrap(
      crypto: IndexHash(found.dataKey, header.store, snapshotSalt: log.chain.snapshotSalt))
    var window = LogWindow(access.file, version, header)
    return try window.summary(of: log, hash, as: header.format).encode()
  }

  /// The draft of this log; a new one if there is none, or that of an earlier snapshot.
  private mutating func openedDraft() throws(TokenVaultError) -> ExtentDraft {
    if let draft, draft.snapshotSalt == log.chain.snapshotSalt { return draft }
    let new = try TokenVaultError.wrap(crypto: ExtentDraft(log, header, found.dataKey))
    draft = new
    return new
  }

  /// Writes an entry over the zeros behind the last one.
  private mutating func write(_ text: Span<UInt8>, _ entry: LogEntry) throws(TokenVaultError) {
    let draft = try openedDraft()
    var next = log
    let sealed = try TokenVaultError.wrap(crypto: next.chain.seal(text))
    try TokenVaultError.wrap(file: access.file.write(sealed.span, at: log.end, to: version))
    next.pass(text.count)
    draft.add(entry, text.count, behind: log.chain.lastTag, endOf: next)
    log = next
  }

  /// Goes on with a file that has replaced the old one.
  mutating func finish(_ header: VaultHeader, _ written: Rewrite.Written<LogPosition>) {
    (version, self.header, log) = (written.version, header, written.content)
    markRemembered(seen)
    markSynchronized(version, entries: 0)
  }

  /// The last log entry that is known.
  var newest: AppendedEntry {
    AppendedEntry(
      file: access.file, version: version, generation: seen, number: log.chain.count,
      store: header.store,
      memory: access.memory, isNameSynchronized: isNameSynchronized)
  }

  /// Goes on with what a transaction has committed.
  ///
  /// - Returns: The log entry to flush before the caller of the transaction hears of its result; nil if there is none.
  mutating func finish(_ transaction: borrowing WriteTransaction) -> AppendedEntry? {
    guard transaction.isCommitted else {
      if records.isDecoded { table.keepIndexes(of: transaction.table) }
      adopt(transaction.session)
      uses.remove(transaction.droppedUses)
      // An unchanged record may be what another process has appended, and not flushed yet.
      return transaction.unsynchronized
    }
    advance(to: transaction.session, dropping: transaction.droppedUses)
    return transaction.appended
  }
}

extension SaveRequest.Result {
  /// Whether anything is another than it was.
  var hasChanges: Bool {
    (try? get())?.contains { $0.change != .unchanged } ?? false
  }
}
