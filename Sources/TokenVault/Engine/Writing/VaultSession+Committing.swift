internal import VaultCrypto

extension VaultSession {
  /// Whether another log entry may be appended: not behind a torn write, whose bytes would then count as part of it, nor
  /// after a failed flush.
  var mayAppend: Bool {
    isReliable && log.hasRoom(for: 0, in: header) && log.end == version.status.size
      && header.dataKeyID == found.dataKey.id
  }

  /// Appends a log entry with what has changed in a table, and goes on behind it.
  ///
  /// - Returns: The entry, which is not flushed yet; nil if there is no room for it.
  mutating func appendChanges(
    of table: TokenTable
  ) throws(TokenVaultError) -> AppendedEntry? {
    var text = LogEntry.encode(table, as: header.format)
    defer { text.cleanse() }
    guard log.hasRoom(for: LogFrame.size(sealing: text.count), in: header) else { return nil }
    var next = log
    let entry = try TokenVaultError.wrap(crypto: next.chain.seal(text.span, found.dataKey))
    version = try TokenVaultError.wrap(file: access.file.append(entry.span, to: version))
    next.pass(Int64(entry.count))
    log = next
    return newest
  }

  /// The last log entry that is known.
  var newest: AppendedEntry {
    AppendedEntry(
      file: access.file, version: version, generation: seen, store: header.store,
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
