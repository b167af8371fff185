extension SQLDatabase {
  static let rawKey = "x'\(String(repeating: "5a", count: 32))'"

  /// What a connection says before anything else.
  func configure(_ kind: StoreKind) throws {
    if kind == .sqlcipherWAL { try execute("PRAGMA key = \"\(Self.rawKey)\"") }
    try execute("PRAGMA journal_mode = \(kind == .sqliteDelete ? "DELETE" : "WAL")")
    try execute("PRAGMA synchronous = FULL")
    // The whole database, as a vault has it: with 2 MB, SQLCipher would decrypt pages again and again.
    if kind != .sqliteDelete { try execute("PRAGMA cache_size = -262144") }
  }

  /// Makes the table and these rows, in one transaction.
  func fill(_ records: [TestRecord], indexes: [String]) throws {
    try execute("BEGIN")
    let columns = TestRecord.columns.map { name in
      name == "id" ? "id varchar(10) NOT NULL PRIMARY KEY" : "\(name) varchar(255)"
    }
    try execute("CREATE TABLE oauthtoken (\(columns.joined(separator: ", ")))")
    let places = columns.map { _ in "?" }.joined(separator: ", ")
    let insert = try prepare("INSERT INTO oauthtoken VALUES (\(places))")
    for record in records { try insert.run(record.texts) }
    for column in indexes { try execute("CREATE INDEX by_\(column) ON oauthtoken (\(column))") }
    try execute("COMMIT")
  }

  /// The keys that a record can be looked up by, besides its id.
  static let keys = ["user_name", "grant_token", "refresh_token", "access_token"]
}
