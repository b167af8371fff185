internal import Glibc

/// The records of a lazy snapshot, which a thread decodes while readers and writers go on with that snapshot.
struct DecodedSnapshot: Sendable {
  /// All records, with those of the log as far as they were applied.
  private(set) var table: TokenTable
  /// The log as far as it was applied.
  private var snapshot: LazySnapshot

  /// Decodes all records, and finds out what would keep the first caller waiting: the indexes that the queries so far have
  /// needed, and in CSV the columns.
  ///
  /// - Parameter isCancelled: Asked now and then.
  /// - Throws: `TokenVaultError.system` with ECANCELED if it was cancelled; and what reading the records throws.
  init(
    of snapshot: LazySnapshot, unless isCancelled: () -> Bool
  ) throws(TokenVaultError) {
    self.snapshot = snapshot
    // A copy, which reads the whole log: what is applied later is what has changed behind the original.
    var copy = snapshot
    table = try copy.decoded { () throws(TokenVaultError) in
      guard isCancelled() else { return }
      throw TokenVaultError(SystemCallError("read", snapshot.path, errno: ECANCELED))
    }
    table.buildIndexes(for: snapshot.queried)
    if snapshot.format == .csv { table.attributeNames = AttributeNames(table.tokens) }
  }

  /// Applies what was saved since.
  ///
  /// - Returns: How many records were applied; nil if the store has read another file since.
  /// - Throws: If the log does not fit the snapshot; this must not be used then.
  mutating func catchUp(with newer: LazySnapshot) throws(SnapshotFault) -> Int? {
    guard newer.isSameFile(as: snapshot) else { return nil }
    let entry = newer.logEntry(since: snapshot)
    try table.apply(entry)
    snapshot = newer
    return entry.tokens.count
  }
}
