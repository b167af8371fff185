/// A store on the disk that holds the records 1 to `size`.
struct Store: Sendable {
  let kind: StoreKind
  let path: String
  let size: Int

  var name: String { kind.name }

  func open() throws -> any TokenStorage { try kind.open(path) }

  func fill() throws {
    let records = (1...size).lazy.map(TestRecord.init)
    switch kind {
    case .tokenVault: try VaultStorage.fill(path, records.map(\.token))
    case .lmdb: try KeyValueStorage(LMDB(path: path)).fill(records)
    case .rocksdb: try KeyValueStorage(RocksDB(path: path)).fill(records)
    default:
      let keys = ["user_name", "grant_token", "refresh_token", "access_token"]
      try SQLStorage(kind, path: path, columns: TestRecord.columns)
        .fill(records, keys: kind == .sqliteDeleteByUser ? ["user_name"] : keys)
    }
  }

  /// Saves this many changes, each by itself.
  func save(_ count: Int) throws {
    if count > 0 { try SavingLoop(open(), size: size).run(count: count) }
  }
}
