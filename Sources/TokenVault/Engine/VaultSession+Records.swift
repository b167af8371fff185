// The records: all of them decoded, or those that are needed found by the index.
extension VaultSession {
  /// Decodes the records, unless that is done.
  mutating func decode() throws(TokenVaultError) {
    if records.isDecoded { return }
    try records.decode()
    uses.lay(over: &records.table)
  }

  /// The snapshot that a thread is to decode; nil if there is none, or the records in memory are those of an earlier file.
  var toDecodeBeside: LazySnapshot? { isInDoubt ? nil : records.toDecodeBeside }

  /// Goes on with records that a thread has decoded, unless the whole file has to be read again: those are of an earlier
  /// file, and `following` would take them for this one's.
  mutating func adopt(_ decoded: consuming DecodedSnapshot) {
    if isInDoubt || records.isDecoded { return }
    records.adopt(decoded)
    uses.lay(over: &records)
  }

  /// Releases the records, for a caller that needs only the rest.
  mutating func forgetRecords() { records = StoredRecords(TokenTable(), as: header.format) }

  /// The record that the query means; the others need not be decoded for it.
  ///
  /// - Throws: ``TokenVaultError/severalClients(_:record:)`` if the query leaves open which record it means.
  mutating func find(_ query: TokenQuery) throws(TokenVaultError) -> FoundRecord? {
    let wasDecoded = records.isDecoded
    defer { if !wasDecoded { uses.lay(over: &records) } }
    guard var found = try FoundRecord(records.find(query)) else { return nil }
    // Also if the search itself has decoded the records, which have no uses yet.
    uses.lay(over: &found.token, records.policy)
    return found
  }

  /// A table in which a transaction can save these records, with all others that these queries fit, and with the pending
  /// uses; nil if all records are decoded, or have to be.
  mutating func table(
    for queries: [TokenQuery], saving tokens: [OAuthToken]
  ) throws(TokenVaultError) -> TokenTable? {
    let used = uses.ids.map { TokenQuery(id: $0) }
    guard var table = try records.table(for: queries + used, saving: tokens) else { return nil }
    uses.lay(over: &table)
    return table
  }

  /// All records, with these changes, to be written without decoding them; nil if they are decoded.
  mutating func merge(with changes: LogEntry) throws(TokenVaultError) -> SnapshotMerge? {
    try records.merge(with: changes)
  }

  /// Marks a record as used.
  mutating func markUsed(_ token: OAuthToken, at now: Timestamp) -> PendingUses.Writing {
    uses.markUsed(token, at: now, in: &records.table)
  }

  /// Goes on with a log entry that was just appended, whose changes were made on a part of the records.
  mutating func apply(_ entry: LogEntry) throws(SnapshotFault) { try records.apply(entry) }

  /// Goes on with what a transaction that has committed nothing has found out about the same records.
  mutating func adopt(_ other: VaultSession) {
    guard !records.isDecoded, other.generation == generation,
      other.version.status.inode == version.status.inode
    else { return }
    records = other.records
    other.uses.lift(from: &records)
    uses.lay(over: &records)
  }
}
