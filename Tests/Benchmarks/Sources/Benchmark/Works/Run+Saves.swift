import Glibc

extension Run {
  /// A refresh's save to an open store, against the bare system calls.
  ///
  /// Each store has saved before: the log of SQLite then no longer grows, but is written over.
  func saves() throws {
    let stores = try stores()
    let floors = [
      (AppendFloor.growing, try AppendFloor(path: "append")),
      (AppendFloor.zeroed, try AppendFloor(path: "zeros", zeros: 1 << 22)),
    ]
    var pieces = floors.map(savePiece) + [try replacePiece()]
    for store in stores {
      let storage = try store.openWarm()
      try SavingLoop(storage, size: size).run(count: 500)
      pieces.append(savePiece(store.name, storage))
    }
    try measure(
      pieces, rounds: 300, seconds: 30, patience: .milliseconds(5), on: DeviceCounters())
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
}
