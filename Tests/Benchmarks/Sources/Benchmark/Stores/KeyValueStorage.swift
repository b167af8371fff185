/// A store of keys and values, as bytes. A handle is that of a transaction.
protocol KeyValueEngine: AnyObject, Sendable {
  typealias Handle = UnsafeMutableRawPointer?

  /// Runs `body` on one state of the store.
  func read<Result>(_ body: (Handle) throws -> Result) throws -> Result
  /// Commits what `body` has put and removed; durable when it returns.
  func write(_ body: (Handle) throws -> Void) throws
  /// Lends the value of a key; nil if there is none.
  func get<Result>(
    _ key: String, _ handle: Handle, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result?
  func put(_ key: String, _ value: String, _ handle: Handle) throws
  func remove(_ key: String, _ handle: Handle) throws
}

/// Tokens in a store of keys and values: the record by its id, and the id by each other key.
final class KeyValueStorage<Engine: KeyValueEngine>: TokenStorage {
  private let engine: Engine

  init(_ engine: Engine) { self.engine = engine }

  func fill(_ records: some Sequence<TestRecord>) throws {
    var rest = records.makeIterator()
    var record = rest.next()
    while record != nil {
      try engine.write { handle in
        for _ in 0..<10_000 {
          guard let new = record else { break }
          try insert(new, handle)
          record = rest.next()
        }
      }
    }
  }

  private func insert(_ record: TestRecord, _ handle: Engine.Handle) throws {
    try engine.put("i" + record.id, record.packed, handle)
    try engine.put("u" + record.userName, record.id, handle)
    try engine.put("r" + record.refreshToken, record.id, handle)
    try engine.put("a" + record.accessToken, record.id, handle)
    try engine.put("g" + record.grantToken, record.id, handle)
  }

  // MARK: TokenStorage

  func save(_ change: TokenChange) throws {
    try engine.write { handle in
      let old = try record(of: change.userName, handle)
      try engine.remove("a" + old.accessToken, handle)
      let new = old.changed(by: change)
      try engine.put("i" + new.id, new.packed, handle)
      try engine.put("a" + new.accessToken, new.id, handle)
    }
  }

  func find(user: String) throws { _ = try engine.read { try record(of: user, $0) } }

  /// Not inlined: otherwise the optimizer omits the texts if the caller drops them.
  @inline(never)
  private func record(of user: String, _ handle: Engine.Handle) throws -> TestRecord {
    let id = try engine.get("u" + user, handle) { String(decoding: $0, as: UTF8.self) }
    let record = try id.flatMap { try engine.get("i" + $0, handle, TestRecord.init(packed:)) }
    guard let record else { throw BenchmarkError("no \(user)") }
    return record
  }
}
