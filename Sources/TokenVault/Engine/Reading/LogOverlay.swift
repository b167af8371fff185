/// The newest records of a log, laid over the rows of its snapshot, which come one after another: a record of the log
/// takes the place of the row with its id, and those without one follow as new records.
struct LogOverlay {
  /// The records of the log, with the next id and the limits of the vault.
  private(set) var table: TokenTable
  /// For each record, whether its row has come.
  private var isPlaced: [Bool]
  /// The number of rows that have come.
  private var rows = 0

  /// - Parameter table: The newest records of the log, in the order of their first entries.
  init(_ table: TokenTable) {
    self.table = table
    isPlaced = [Bool](repeating: false, count: table.tokens.count)
  }

  /// The records that have no row in the snapshot, once all have come.
  var newTokens: [OAuthToken] {
    table.tokens.indices.filter { !isPlaced[$0] }.map { table.tokens[$0] }
  }

  /// The number of records in all, once all rows have come.
  var count: Int { rows + isPlaced.count { !$0 } }

  /// The record that takes the place of a row; nil if the row stays.
  ///
  /// - Parameters:
  ///   - row: A row of the snapshot, in their order.
  ///   - text: The text that has the row.
  mutating func newer(
    than row: StoredRow, in text: Span<UInt8>
  ) throws(SnapshotFault) -> OAuthToken? {
    rows += 1
    guard row.revision > 0 else { throw .inconsistent("its record \(rows) has no revision") }
    let position = row.withID(in: text) { id -> Int? in
      isPlaced.isEmpty ? nil : table.position(ofID: id)
    }
    guard let position else { throw .inconsistent("its record \(rows) has no id") }
    return try position.flatMap { (place) throws(SnapshotFault) in
      try takePlace(place, of: row.revision)
    }
  }

  private mutating func takePlace(
    _ position: Int, of revision: Int
  ) throws(SnapshotFault) -> OAuthToken {
    guard !isPlaced[position] else {
      throw .inconsistent("its record \(rows) has the id of another")
    }
    isPlaced[position] = true
    let token = table.tokens[position]
    guard token.revision >= revision else {
      throw .inconsistent(AppliedRecordsFault.olderRevision(record: position + 1).place)
    }
    return token
  }
}
