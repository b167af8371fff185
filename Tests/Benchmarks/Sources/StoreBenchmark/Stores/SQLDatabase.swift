import Glibc

/// A connection, for one thread at a time.
final class SQLDatabase: @unchecked Sendable {
  let library: SQLLibrary
  private var handle: OpaquePointer?

  init(_ library: SQLLibrary, path: String) throws {
    self.library = library
    try check(library.open(path, &handle, SQLLibrary.openFlags, nil), "open \(path)")
    try check(library.setBusyTimeout(handle, 10_000), "busy_timeout")
  }

  deinit { _ = library.close(handle) }

  func execute(_ statement: String) throws {
    try check(library.execute(handle, statement, nil, nil, nil), statement)
  }

  func prepare(_ text: String) throws -> SQLStatement {
    var statement: OpaquePointer?
    try check(library.prepare(handle, text, -1, &statement, nil), text)
    return SQLStatement(self, statement)
  }

  /// How many rows the last statement has changed.
  var changes: Int { Int(library.changes(handle)) }

  func check(_ result: Int32, _ what: String) throws {
    guard result != SQLLibrary.ok else { return }
    if result == SQLLibrary.busy { throw LockTimeout() }
    let message = library.errorMessage(handle).map { String(cString: $0) } ?? ""
    throw SuiteError("\(library.file): \(what): \(message)")
  }
}
