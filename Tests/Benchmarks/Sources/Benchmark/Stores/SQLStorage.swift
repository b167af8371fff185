import CBenchmark

/// A connection to a database of tokens, for one thread at a time.
final class SQLStorage: TokenStorage, @unchecked Sendable {
  private typealias Handle = UnsafeMutableRawPointer?

  private let sql: SQLFunctions
  private var database: Handle = nil
  /// Prepared once.
  private var (update, select): (Handle, Handle) = (nil, nil)

  private static let (ok, row, done): (Int32, Int32, Int32) = (0, 100, 101)
  /// The bound text is copied, or outlives the statement's run.
  private static let (transient, lasting) = (-1, 0)
  static let rawKey = "x'\(String(repeating: "5a", count: 32))'"
  private static let updateText =
    "UPDATE oauthtoken SET access_token = ?, expires_at = ? WHERE user_name = ?"
  private static let selectText =
    "SELECT \(TestRecord.columns.joined(separator: ", ")) FROM oauthtoken WHERE user_name = ?"

  init(_ kind: StoreKind, path: String, isNew: Bool = false) throws {
    guard let sql = kind.sql else { throw BenchmarkError("\(kind.name) is not installed") }
    self.sql = sql
    let readWriteCreate: Int32 = 2 | 4
    try check(sql.open_v2(path, &database, readWriteCreate, nil), "open \(path)")
    try check(sql.busy_timeout(database, 10_000), "busy_timeout")
    if kind == .sqlcipherWAL { try execute("PRAGMA key = \"\(Self.rawKey)\"") }
    try execute("PRAGMA journal_mode = \(kind.queuesThreads ? "WAL" : "DELETE")")
    try execute("PRAGMA synchronous = FULL")
    // The whole database, as a vault has it: with 2 MB, SQLCipher would decrypt pages again and again.
    try execute("PRAGMA cache_size = -\(1 << 20)")
    if isNew { try createTable() }
    (update, select) = (try prepare(Self.updateText), try prepare(Self.selectText))
  }

  deinit {
    for statement in [update, select] { _ = sql.finalize(statement) }
    _ = sql.close(database)
  }

  private func createTable() throws {
    let definitions = TestRecord.columns.map { name in
      name == "id" ? "id varchar(10) NOT NULL PRIMARY KEY" : "\(name) varchar(255)"
    }
    try execute("CREATE TABLE oauthtoken (\(definitions.joined(separator: ", ")))")
  }

  /// Inserts the records 1 to `count`, and then makes an index on each of these columns.
  func fill(_ count: Int, keys: [String]) throws {
    try execute("BEGIN")
    let places = TestRecord.columns.map { _ in "?" }.joined(separator: ", ")
    let insert = try prepare("INSERT INTO oauthtoken VALUES (\(places))")
    for number in 1...count { try run(insert, TestRecord(number: number).texts) }
    _ = sql.finalize(insert)
    for key in keys { try execute("CREATE INDEX by_\(key) ON oauthtoken (\(key))") }
    try execute("COMMIT")
  }

  // MARK: TokenStorage

  func save(_ change: TokenChange) throws {
    try run(update, [change.accessToken, change.expiresAt, change.userName])
    guard sql.changes(database) == 1 else { throw BenchmarkError("no \(change.userName)") }
  }

  func find(user: String) throws { _ = try record(of: user) }

  /// Not inlined: otherwise the optimizer omits the texts if the caller drops them.
  @inline(never)
  private func record(of user: String) throws -> TestRecord {
    try user.withCString { start in
      try check(sql.bind_text(select, 1, start, -1, Self.lasting), "bind")
      guard try step(select) else { throw BenchmarkError("no \(user)") }
      let record = TestRecord { column in
        let start = sql.column_text(select, column)
        let count = Int(sql.column_bytes(select, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
      }
      try check(sql.reset(select), "reset")
      return record
    }
  }

  // MARK: Statements

  private func execute(_ text: String) throws {
    try check(sql.exec(database, text, nil, nil, nil), text)
  }

  private func prepare(_ text: String) throws -> Handle {
    var statement: Handle = nil
    try check(sql.prepare_v2(database, text, -1, &statement, nil), text)
    return statement
  }

  private func run(_ statement: Handle, _ texts: [String]) throws {
    for (index, text) in texts.enumerated() {
      try check(sql.bind_text(statement, Int32(index + 1), text, -1, Self.transient), "bind")
    }
    _ = try step(statement)
    try check(sql.reset(statement), "reset")
  }

  /// Whether there is a row.
  private func step(_ statement: Handle) throws -> Bool {
    let result = sql.step(statement)
    if result == Self.row { return true }
    if result == Self.done { return false }
    _ = sql.reset(statement)
    try check(result, "step")
    return false
  }

  private func check(_ result: Int32, _ what: String) throws {
    if result == Self.ok { return }
    throw BenchmarkError("\(what): \(sql.errmsg(database).map { String(cString: $0) } ?? "")")
  }
}
