import CBenchmark
import Glibc

extension Run {
  /// A refresh's save to an open store, against the bare system calls.
  func saves() throws {
    let (stores, entry) = (try stores(), try logEntrySize())
    let append = try AppendFloor(path: "append", size: entry)
    var pieces = try [savePiece(AppendFloor.name, append), replacePiece()]
    for store in stores { pieces.append(try savePiece(store.name, store.open())) }
    try measure(pieces, rounds: 100, seconds: 15, patience: .milliseconds(5))
  }

  private func savePiece(_ name: String, _ storage: any TokenStorage) -> TimedPiece {
    var random = SeededGenerator(seed: size)
    var next = TokenChange.random(of: size, &random)
    return TimedPiece(
      name, burst: 10, settle: { next = TokenChange.random(of: size, &random) },
      run: { try storage.save(next) })
  }

  private func replacePiece() throws -> TimedPiece {
    let bytes = [UInt8](repeating: 7, count: try SystemCall.size(vault().path))
    let burst = bytes.count < 1 << 20 ? 10 : 1
    return TimedPiece(ReplaceFloor.name, burst: burst, settle: SystemCall.syncDisk) {
      try ReplaceFloor.replace("replaced", by: bytes)
    }
  }

  /// How much a save lengthens the file; of a vault that a save replaces, what the record would take.
  private func logEntrySize() throws -> Int {
    let vault = try vault()
    let storage = try vault.open()
    var random = SeededGenerator(seed: 4711)
    try storage.save(.random(of: size, &random))
    let before = try SystemCall.status(vault.path)
    try storage.save(.random(of: size, &random))
    let after = try SystemCall.status(vault.path)
    let growth = Int(after.st_size - before.st_size)
    let isAppended = before.st_ino == after.st_ino && growth > 0
    return isAppended ? growth : AppendFloor.entrySize
  }
}
