/// A store on the disk that holds the records 1 to `size`.
struct Store: Sendable {
  let kind: StoreKind
  let path: String
  let size: Int
  let libraries: SQLLibraries

  var name: String { kind.name }

  func open() throws -> any TokenStorage {
    guard kind != .tokenVault else { return try VaultStorage(path: path) }
    return try openSQL()
  }

  func openSQL() throws -> SQLStorage { try SQLStorage(kind, library, path: path) }

  private var library: SQLLibrary {
    get throws {
      guard let library = libraries.library(for: kind) else {
        throw SuiteError("\(name) is not installed")
      }
      return library
    }
  }

  /// Makes it.
  func fill() throws {
    let records = (1...size).map(TestRecord.init)
    guard kind != .tokenVault else { return try VaultStorage.fill(path, records) }
    let database = try SQLDatabase(library, path: path)
    try database.configure(kind)
    try database.fill(records, indexes: kind == .sqliteDelete ? [] : SQLDatabase.keys)
  }
}
