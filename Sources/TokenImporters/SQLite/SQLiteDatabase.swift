internal import CSQLite

/// A copy of a database that SQLite reads.
@safe final class SQLiteDatabase {
  private let sqlite: csqlite
  private var handle: OpaquePointer?

  /// Opens a copy of the file, with the journals that lie beside it. The copy has no name any more then: a process that is
  /// killed while it reads leaves nothing.
  ///
  /// - Throws: ``ForeignFault`` if SQLite cannot be loaded or cannot open the copy, or if the original is changed
  ///   meanwhile.
  init(copyOf file: ForeignFile) throws(ForeignFault) {
    sqlite = try SQLiteLibrary.loaded().functions
    let copy = try TemporaryCopy.of(file.withJournals())
    let status = unsafe sqlite.open_v2(copy.path, &handle, CSQLITE_OPEN_READWRITE, nil)
    try check(status == CSQLITE_OK)
    // The first read brings the journals in, and keeps all files open that it needs.
    _ = try rows("PRAGMA locking_mode = EXCLUSIVE")
    _ = try rows("SELECT count(*) FROM sqlite_master")
    _ = consume copy
  }

  deinit { _ = unsafe sqlite.close_v2(handle) }

  /// The rows of a query, by the names of their columns; null values are left out.
  ///
  /// - Throws: ``ForeignFault/database(_:)`` with SQLite's reason.
  func rows(_ query: String) throws(ForeignFault) -> [[String: String]] {
    var statement: OpaquePointer?
    try check(unsafe sqlite.prepare_v2(handle, query, -1, &statement, nil) == CSQLITE_OK)
    defer { _ = unsafe sqlite.finalize(statement) }
    var rows: [[String: String]] = []
    while true {
      let status = unsafe sqlite.step(statement)
      if status == CSQLITE_DONE { return rows }
      try check(status == CSQLITE_ROW)
      rows.append(unsafe row(statement))
    }
  }

  /// Refuses a database that has no table of this name; a view of it may never end.
  ///
  /// - Throws: ``ForeignFault/notOfProgram(_:)``.
  func requireTable(_ name: StaticString) throws(ForeignFault) {
    let found = try rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name = '\(name)'")
    if found.isEmpty { throw .notOfProgram("the database has no table '\(name)'") }
  }

  private func row(_ statement: OpaquePointer?) -> [String: String] {
    var row: [String: String] = [:]
    let count = unsafe sqlite.column_count(statement)
    for column in 0..<count {
      guard unsafe sqlite.column_type(statement, column) != CSQLITE_NULL,
        let name = unsafe sqlite.column_name(statement, column),
        // Numbers become text; the call comes before that for the size.
        let text = unsafe sqlite.column_text(statement, column)
      else { continue }
      let size = Int(unsafe sqlite.column_bytes(statement, column))
      row[unsafe String(cString: name)] = unsafe String(
        decoding: UnsafeBufferPointer(start: text, count: size), as: UTF8.self)
    }
    return row
  }

  private func check(_ isGood: Bool) throws(ForeignFault) {
    if isGood { return }
    throw .database("SQLite: \(unsafe String(cString: sqlite.errmsg(handle)))")
  }
}
