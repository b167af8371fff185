import CBenchmark

/// The stores that are compared; the raw value is also a worker's argument.
enum StoreKind: String, CaseIterable, Sendable {
  case tokenVault = "vault"
  /// As in Zoho's article: each save prepares its statement, and only the id is a key.
  case sqliteDelete = "sqlite-delete"
  /// SQLite at its best: write-ahead log, prepared statements, an index for each key.
  case sqliteWAL = "sqlite-wal"
  /// The same, encrypted.
  case sqlcipherWAL = "sqlcipher-wal"

  var name: String {
    switch self {
    case .tokenVault: "TokenVault"
    case .sqliteDelete: "SQLite, DELETE"
    case .sqliteWAL: "SQLite, WAL"
    case .sqlcipherWAL: "SQLCipher, WAL"
    }
  }

  /// Nil if it is not installed.
  var library: SQLFunctions? {
    switch self {
    case .tokenVault: nil
    case .sqliteDelete, .sqliteWAL: Self.sqlite
    case .sqlcipherWAL: Self.sqlcipher
    }
  }

  var isInstalled: Bool { self == .tokenVault || library != nil }

  private static let sqlite = load(["libsqlite3.so.0"])
  private static let sqlcipher = load(["libsqlcipher.so.1", "libsqlcipher.so.0"])

  private static func load(_ files: [String]) -> SQLFunctions? {
    var functions = SQLFunctions()
    return files.contains { sql_load($0, &functions) == 1 } ? functions : nil
  }
}
