/// A prepared statement, finalized with its last reference.
final class SQLStatement {
  private let database: SQLDatabase
  private let handle: OpaquePointer?

  init(_ database: SQLDatabase, _ handle: OpaquePointer?) {
    (self.database, self.handle) = (database, handle)
  }

  deinit { _ = database.library.finalize(handle) }

  /// Runs a statement without rows.
  func run(_ texts: [String]) throws {
    for (index, text) in texts.enumerated() {
      var text = text
      let result = text.withUTF8 {
        database.library.bindText(
          handle, Int32(index + 1), $0.baseAddress, Int32($0.count), SQLLibrary.copiedText)
      }
      try database.check(result, "bind")
    }
    _ = try step()
    try reset()
  }

  /// Lends the first row for the one parameter; nil where there is none.
  func first<Result>(_ text: String, _ body: (borrowing SQLStatement) -> Result) throws -> Result? {
    var text = text
    return try text.withUTF8 { bytes in
      let (start, count) = (bytes.baseAddress, Int32(bytes.count))
      let result = database.library.bindText(handle, 1, start, count, SQLLibrary.staticText)
      try database.check(result, "bind")
      let row = try step() ? body(self) : nil
      try reset()
      return row
    }
  }

  /// Whether there is a row.
  func step() throws -> Bool {
    let result = database.library.step(handle)
    if result == SQLLibrary.row { return true }
    if result == SQLLibrary.done { return false }
    _ = database.library.reset(handle)
    try database.check(result, "step")
    return false
  }

  private func reset() throws { try database.check(database.library.reset(handle), "reset") }

  func text(_ column: Int32) -> String {
    let start = database.library.columnText(handle, column)
    let count = Int(database.library.columnBytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
}
