import CBenchmark
import Glibc

/// RocksDB with its defaults for reading single keys, and a flush with each write.
final class RocksDB: KeyValueEngine, @unchecked Sendable {
  static let library = StoreKind.load(
    ["librocksdb.so", "librocksdb.so.7.8"], RocksFunctions(), rocks_load)

  private typealias Failure = UnsafeMutablePointer<CChar>?

  private let rocks: RocksFunctions
  private let options, readOptions, writeOptions: Handle
  private var database: Handle

  init(path: String) throws {
    guard let rocks = Self.library else { throw BenchmarkError("RocksDB is not installed") }
    self.rocks = rocks
    (options, readOptions) = (rocks.options_create(), rocks.readoptions_create())
    writeOptions = rocks.writeoptions_create()
    rocks.options_set_create_if_missing(options, 1)
    rocks.options_optimize_for_point_lookup(options, 256)
    rocks.writeoptions_set_sync(writeOptions, 1)
    database = nil
    database = try check { rocks.open(options, path, &$0) }
  }

  deinit {
    if database != nil { rocks.close(database) }
    rocks.options_destroy(options)
  }

  func read<Result>(_ body: (Handle) throws -> Result) throws -> Result { try body(nil) }

  func write(_ body: (Handle) throws -> Void) throws {
    let batch = rocks.writebatch_create()
    defer { rocks.writebatch_destroy(batch) }
    try body(batch)
    try check { rocks.write(database, writeOptions, batch, &$0) }
  }

  func get<Result>(
    _ key: String, _ handle: Handle, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result? {
    let slice = try check { error in
      lend(key) { rocks.get_pinned(database, readOptions, $0, $1, &error) }
    }
    guard slice != nil else { return nil }
    defer { rocks.pinnableslice_destroy(slice) }
    var size = 0
    let start = rocks.pinnableslice_value(slice, &size)
    return try body(UnsafeRawBufferPointer(start: start, count: size))
  }

  func put(_ key: String, _ value: String, _ handle: Handle) throws {
    lend(key) { key, count in lend(value) { rocks.writebatch_put(handle, key, count, $0, $1) } }
  }

  func remove(_ key: String, _ handle: Handle) throws {
    lend(key) { rocks.writebatch_delete(handle, $0, $1) }
  }

  @discardableResult
  private func check<Result>(_ body: (inout Failure) -> Result) throws -> Result {
    var failure: Failure = nil
    let result = body(&failure)
    guard let failure else { return result }
    defer { free(failure) }
    throw BenchmarkError("RocksDB: \(String(cString: failure))")
  }
}
