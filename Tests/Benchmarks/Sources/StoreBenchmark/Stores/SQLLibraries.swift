/// What was found of SQLite and SQLCipher.
struct SQLLibraries: Sendable {
  let sqlite = SQLLibrary(["libsqlite3.so.0"])
  let sqlcipher = SQLLibrary(["libsqlcipher.so.1", "libsqlcipher.so.0"])

  func library(for kind: StoreKind) -> SQLLibrary? {
    switch kind {
    case .tokenVault: nil
    case .sqliteDelete, .sqliteWAL: sqlite
    case .sqlcipherWAL: sqlcipher
    }
  }

  func has(_ kind: StoreKind) -> Bool { kind == .tokenVault || library(for: kind) != nil }

  /// What to install for the contenders that are left out.
  var missing: [String] {
    (sqlite == nil ? ["SQLite is left out: apt-get install libsqlite3-0"] : [])
      + (sqlcipher == nil ? ["SQLCipher is left out: apt-get install libsqlcipher0"] : [])
  }

  /// The version of SQLCipher, which is not the one of the SQLite in it.
  func cipherVersion() throws -> String? {
    guard let sqlcipher else { return nil }
    let statement = try SQLDatabase(sqlcipher, path: ":memory:").prepare("PRAGMA cipher_version")
    return try statement.step() ? statement.text(0) : nil
  }
}
