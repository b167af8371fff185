/// A store of keys and values. A handle is that of a transaction.
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

extension KeyValueEngine {
  func lend<Result>(_ text: String, _ body: (UnsafePointer<CChar>?, Int) -> Result) -> Result {
    var text = text
    return text.withUTF8 { $0.withMemoryRebound(to: CChar.self) { body($0.baseAddress, $0.count) } }
  }
}

/// Tokens in a store of keys and values: the record by its id, and the id by each other key.
final class KeyValueStorage<Engine: KeyValueEngine>: TokenStorage {
  private let engine: Engine

  init(_ engine: Engine) { self.engine = engine }

  /// Puts the records 1 to `count`.
  func fill(_ count: Int) throws {
    for start in stride(from: 1, through: count, by: 10_000) {
      try engine.write { handle in
        for number in start...min(count, start + 9999) {
          let record = TestRecord(number: number)
          try put(record, record.keyTexts, handle)
        }
      }
    }
  }

  private func put(
    _ record: TestRecord, _ keys: [(String, String)], _ handle: Engine.Handle
  ) throws {
    try engine.put("i" + record.id, record.packed, handle)
    for (letter, key) in keys { try engine.put(letter + key, record.id, handle) }
  }

  // MARK: TokenStorage

  func save(_ change: TokenChange) throws {
    try engine.write { handle in
      let old = try record(of: change.userName, handle)
      try engine.remove("a" + old.accessToken, handle)
      try put(old.changed(by: change), [("a", change.accessToken)], handle)
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
