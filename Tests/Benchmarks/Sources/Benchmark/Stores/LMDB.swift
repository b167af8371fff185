import CBenchmark

/// LMDB with its defaults: each commit flushes the pages, and then the page that names them.
final class LMDB: KeyValueEngine, @unchecked Sendable {
  static let library = StoreKind.load(
    ["liblmdb.so.0", "liblmdb.so"], LMDBFunctions(), lmdb_load)

  private let lmdb: LMDBFunctions
  private var (environment, reader): (Handle, Handle) = (nil, nil)
  private var database: UInt32 = 0
  private static let (readOnly, oneFile, noThreadLocals): (UInt32, UInt32, UInt32) =
    (0x20000, 0x4000, 0x20_0000)
  private static let notFound: Int32 = -30798

  init(path: String) throws {
    guard let lmdb = Self.library else { throw BenchmarkError("LMDB is not installed") }
    self.lmdb = lmdb
    try check(lmdb.env_create(&environment))
    try check(lmdb.env_set_mapsize(environment, 16 << 30))
    try check(lmdb.env_open(environment, path, Self.oneFile | Self.noThreadLocals, 0o600))
    try check(lmdb.txn_begin(environment, nil, Self.readOnly, &reader))
    try check(lmdb.dbi_open(reader, nil, 0, &database))
    lmdb.txn_reset(reader)
  }

  deinit {
    lmdb.txn_abort(reader)
    lmdb.env_close(environment)
  }

  /// For one thread at a time: the transaction of the reads is made once, as LMDB advises.
  func read<Result>(_ body: (Handle) throws -> Result) throws -> Result {
    try check(lmdb.txn_renew(reader))
    defer { lmdb.txn_reset(reader) }
    return try body(reader)
  }

  func write(_ body: (Handle) throws -> Void) throws {
    var writer: Handle = nil
    try check(lmdb.txn_begin(environment, nil, 0, &writer))
    do { try body(writer) } catch {
      lmdb.txn_abort(writer)
      throw error
    }
    try check(lmdb.txn_commit(writer))
  }

  func get<Result>(
    _ key: String, _ handle: Handle, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result? {
    var found = LMDBValue()
    let result = value(key) { lmdb.get(handle, database, &$0, &found) }
    if result == Self.notFound { return nil }
    try check(result)
    return try body(UnsafeRawBufferPointer(start: found.data, count: found.size))
  }

  func put(_ key: String, _ text: String, _ handle: Handle) throws {
    try check(value(key) { key in value(text) { lmdb.put(handle, database, &key, &$0, 0) } })
  }

  func remove(_ key: String, _ handle: Handle) throws {
    try check(value(key) { lmdb.del(handle, database, &$0, nil) })
  }

  private func value<Result>(_ text: String, _ body: (inout LMDBValue) -> Result) -> Result {
    lend(text) {
      var value = LMDBValue(size: $1, data: $0)
      return body(&value)
    }
  }

  private func check(_ result: Int32) throws {
    if result == 0 { return }
    throw BenchmarkError("LMDB: \(lmdb.strerror(result).map { String(cString: $0) } ?? "")")
  }
}
