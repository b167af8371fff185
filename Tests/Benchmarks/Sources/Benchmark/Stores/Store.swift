/// A store on the disk that holds the records 1 to `size`.
struct Store: Sendable {
  let kind: StoreKind
  let path: String
  let size: Int

  var name: String { kind.name }

  func open() throws -> any TokenStorage { try kind.open(path) }

  /// Opens the store as one that has been in use for a while.
  func openWarm() throws -> any TokenStorage {
    let storage = try open()
    try storage.warmUp()
    return storage
  }

  func fill() throws {
    switch kind {
    case .tokenVault: try VaultStorage.fill(path, (1...size).map { TestRecord(number: $0).token })
    case .lmdb: try KeyValueStorage(LMDB(path: path)).fill(size)
    case .rocksdb: try KeyValueStorage(RocksDB(path: path)).fill(size)
    case .sqliteDeleteByUser:
      try SQLStorage(kind, path: path, isNew: true).fill(size, keys: ["user_name"])
    default: try SQLStorage(kind, path: path, isNew: true).fill(size, keys: TestRecord.keys)
    }
  }

  /// Saves this many changes, each by itself.
  func save(_ count: Int) throws {
    if count > 0 { try SavingLoop(open(), size: size).run(count: count) }
  }
}
