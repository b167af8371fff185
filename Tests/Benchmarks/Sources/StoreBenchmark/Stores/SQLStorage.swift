/// A connection to a database of tokens.
final class SQLStorage: TokenStorage, @unchecked Sendable {
  private let database: SQLDatabase
  private let kept: (update: SQLStatement, select: SQLStatement)?

  private static let columns = TestRecord.columns.joined(separator: ", ")
  private static let update =
    "UPDATE oauthtoken SET access_token = ?, expires_at = ? WHERE user_name = ?"
  private static let select = "SELECT \(columns) FROM oauthtoken WHERE user_name = ?"

  init(_ kind: StoreKind, _ library: SQLLibrary, path: String) throws {
    database = try SQLDatabase(library, path: path)
    try database.configure(kind)
    let keeps = kind != .sqliteDelete
    kept = try keeps ? (database.prepare(Self.update), database.prepare(Self.select)) : nil
  }

  func save(_ change: TokenChange) throws {
    let statement = try kept?.update ?? database.prepare(Self.update)
    try statement.run([change.accessToken, change.expiresAt, change.userName])
    guard database.changes == 1 else { throw SuiteError("no \(change.userName) to update") }
  }

  func find(user: String) throws {
    guard try record(of: user) != nil else { throw SuiteError("no \(user) to find") }
  }

  /// The row alone, without texts made of it.
  func step(user: String) throws {
    let statement = try kept?.select ?? database.prepare(Self.select)
    guard try statement.first(user, { _ in true }) != nil else {
      throw SuiteError("no \(user) to find")
    }
  }

  /// Not inlined: whoever only looks whether there is one would save the texts.
  @inline(never)
  func record(of user: String) throws -> TestRecord? {
    let statement = try kept?.select ?? database.prepare(Self.select)
    return try statement.first(user) { row in TestRecord { row.text($0) } }
  }
}
