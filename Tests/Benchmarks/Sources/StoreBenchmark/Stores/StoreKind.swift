/// The stores that are compared; each is also the name of a worker's argument.
enum StoreKind: String, CaseIterable, Sendable {
  case tokenVault = "vault"
  /// As in Zoho's article: each save prepares its statement, and only the id is a key.
  case sqliteDelete = "sqlite-delete"
  /// SQLite at its best: write-ahead log, statements kept, an index for each key.
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
}
