import CBenchmark

/// The stores that are compared; the raw value is also a worker's argument.
///
/// Each save is durable when it returns: one transaction, flushed.
enum StoreKind: String, CaseIterable, Sendable {
  case tokenVault = "vault"
  /// SQLite as a user would make it: a primary key, an index for each other key, prepared statements.
  case sqliteWAL = "sqlite-wal"
  case sqliteDelete = "sqlite-delete"
  /// With an index on the user only, which is all that this work needs.
  case sqliteDeleteByUser = "sqlite-delete-user"
  /// As `sqliteWAL`, encrypted with a raw key.
  case sqlcipherWAL = "sqlcipher-wal"
  /// Key-value stores that keep the same indexes as keys of their own.
  case lmdb, rocksdb

  var name: String {
    switch self {
    case .tokenVault: "TokenVault"
    case .sqliteWAL: "SQLite, WAL"
    case .sqliteDelete: "SQLite, DELETE"
    case .sqliteDeleteByUser: "SQLite, DELETE, one index"
    case .sqlcipherWAL: "SQLCipher, WAL"
    case .lmdb: "LMDB"
    case .rocksdb: "RocksDB"
    }
  }

  /// Whether its writers queue instead of failing, so that many threads can save.
  var queuesThreads: Bool { self != .sqliteDelete && self != .sqliteDeleteByUser }

  /// One object for all threads of a process; SQL has a connection for each.
  var sharesConnection: Bool { self == .tokenVault || self == .lmdb || self == .rocksdb }

  var isInstalled: Bool {
    switch self {
    case .tokenVault: true
    case .sqliteWAL, .sqliteDelete, .sqliteDeleteByUser, .sqlcipherWAL: sql != nil
    case .lmdb: LMDB.library != nil
    case .rocksdb: RocksDB.library != nil
    }
  }

  func open(_ path: String) throws -> any TokenStorage {
    switch self {
    case .tokenVault: try VaultStorage(path: path)
    case .lmdb: try KeyValueStorage(LMDB(path: path))
    case .rocksdb: try KeyValueStorage(RocksDB(path: path))
    default: try SQLStorage(self, path: path)
    }
  }

  /// The library of an SQL store; nil if it is not installed.
  var sql: SQLFunctions? { self == .sqlcipherWAL ? Self.sqlcipher : Self.sqlite }

  private static let sqlite = load(["libsqlite3.so.0"], SQLFunctions(), sql_load)
  private static let sqlcipher = load(
    ["libsqlcipher.so.1", "libsqlcipher.so.0"], SQLFunctions(), sql_load)

  /// The functions of the first of these files that is installed and has all.
  static func load<Functions>(
    _ files: [String], _ empty: Functions,
    _ load: (UnsafePointer<CChar>?, UnsafeMutablePointer<Functions>?) -> Int32
  ) -> Functions? {
    var functions = empty
    return files.contains { load($0, &functions) == 1 } ? functions : nil
  }
}
