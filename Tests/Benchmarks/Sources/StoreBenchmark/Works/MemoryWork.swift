import FoundationEssentials
import TokenVault

/// The most memory of a process that opens the largest vault, and of commands on it, against the records' text.
struct MemoryWork {
  let suite: Suite

  static let plaintext = "the records' text"
  static let open = "open, find two, count all"
  static let resident = "the same, afterwards"
  static let commands = ["token", "save", "list --json"]

  static func command(_ name: String) -> String { "tokenvault \(name)" }

  func measure() throws -> [Row] {
    let size = suite.largest
    let store = try suite.stores.store(.tokenVault, size: size)
    let plaintext = RecordFormat.json.encode((1...size).map { TestRecord(number: $0).token }).count
    let opened = try ChildProcess.worker([
      "memory", store.kind.rawValue, store.path, "\(size)",
    ]).finish().split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    guard opened.count == 3 else { throw SuiteError("the worker has said nothing") }
    var figures: [(String, Double)] = [
      (Self.plaintext, Double(plaintext)), (Self.open, opened[0]), (Self.resident, opened[1]),
    ]
    for name in Self.commands {
      if let bytes = try usage(name, store) { figures.append((Self.command(name), bytes)) }
    }
    return figures.map { Row(.memory, $0, size, [$1], .bytes) }.compared(to: Self.plaintext)
  }

  private func usage(_ name: String, _ store: Store) throws -> Double? {
    guard let program = suite.tokenvault else { return nil }
    let file = "\(suite.scratch.path)/one.json"
    var random = SeededGenerator(seed: 5)
    let change = TokenChange.random(of: store.size, &random).token
    try Data(RecordFormat.json.encode([change])).write(to: URL(filePath: file))
    let operands = ["token": ["1"], "save": [file]][name] ?? []
    let words = [program] + name.split(separator: " ").map(String.init) + operands
    let access = ["--vault", store.path, "--key-file", "\(store.path).key"]
    return Double(try ChildProcess.worker(["usage"] + words + access).finish().filter(\.isNumber))
  }
}
