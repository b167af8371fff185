import Glibc
import Measuring

/// A refresh's save to an open store, against the bare system calls, at each size.
struct SaveWork {
  let suite: Suite

  /// A contender's saves in a row before it is the next one's turn.
  private static let burst = 10

  func measure() throws -> [Row] { try suite.options.sizes.flatMap(measure) }

  private func measure(_ size: Int) throws -> [Row] {
    let stores = try suite.stores.all(StoreKind.allCases, size: size)
    let commit = try Self.commitSize(of: suite.stores.store(.tokenVault, size: size))
    let append = try AppendFloor(path: "\(suite.scratch.path)/append-\(size)", size: commit)
    var pieces = try [piece(AppendFloor.name, size, append), replacePiece(size)]
    for store in stores { pieces.append(try piece(store.name, size, store.open())) }
    let samples = try Interleaved(pieces).samples(
      rounds: suite.options.isQuick ? 20 : 100,
      within: .seconds(suite.options.isQuick ? 3 : 15), patience: .milliseconds(5))
    suite.note("\(size) tokens: a commit takes \(commit) bytes of the vault's file")
    return samples.map { Row(.save, $0.name, size, $0.samples) }.compared(to: AppendFloor.name)
  }

  private func piece(_ name: String, _ size: Int, _ storage: any TokenStorage) -> TimedPiece {
    var random = SeededGenerator(seed: size)
    var next = TokenChange.random(of: size, &random)
    return TimedPiece(
      name, burst: Self.burst, settle: { next = TokenChange.random(of: size, &random) },
      run: { try storage.save(next) })
  }

  private func replacePiece(_ size: Int) throws -> TimedPiece {
    let path = try suite.stores.store(.tokenVault, size: size).path
    let bytes = [UInt8](repeating: 7, count: try SystemCall.size(path))
    let floor = ReplaceFloor(directory: suite.scratch.path, name: "replaced-\(size)")
    let burst = bytes.count < 1 << 20 ? Self.burst : 1
    return TimedPiece(ReplaceFloor.name, burst: burst, settle: suite.scratch.sync) {
      try floor.replace(by: bytes)
    }
  }

  /// By how much a save lengthens the file; where it is replaced instead, what the record takes.
  private static func commitSize(of store: Store) throws -> Int {
    let storage = try store.open()
    var random = SeededGenerator(seed: 4711)
    try storage.save(.random(of: store.size, &random))
    let before = try SystemCall.status(store.path)
    try storage.save(.random(of: store.size, &random))
    let after = try SystemCall.status(store.path)
    let growth = Int(after.st_size - before.st_size)
    let frame = 32 + 8 + 72
    return before.st_ino == after.st_ino && growth > 0 ? growth : frame + Suite.bytesPerRecord
  }
}
