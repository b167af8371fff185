/// A store on the disk that holds the records 1 to `size`.
struct Store: Sendable {
  let kind: StoreKind
  let path: String
  let size: Int

  var name: String { kind.name }

  func open() throws -> any TokenStorage {
    kind == .tokenVault ? try VaultStorage(path: path) : try SQLStorage(kind, path: path)
  }

  func fill() throws {
    let records = (1...size).map(TestRecord.init)
    if kind == .tokenVault { return try VaultStorage.fill(path, records) }
    try SQLStorage(kind, path: path, columns: TestRecord.columns).fill(records)
  }
}
