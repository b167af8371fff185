import TokenVault

/// A vault whose log has almost outgrown its snapshot.
struct GrownFile {
  let vault: Vault
  let store: Store

  /// Saves many records at once until only about so many saves of one are left before the file is compacted.
  ///
  /// A first compaction shows the limit. A vault that each save replaces is left alone.
  func growNearCompaction(savesLeft: Int) throws {
    try vault.compact()
    guard let single = try growth(ofRecords: 1), let batch = try growth(ofRecords: batchSize) else {
      return
    }
    // Above four times this size, it is not the size that causes compactions.
    var limit = try SystemCall.size(store.path) * 4
    var compactions = 0
    while compactions < 2 {
      let before = try SystemCall.size(store.path)
      if before + (compactions > 0 ? single * savesLeft : 0) + batch > limit { return }
      if try growth(ofRecords: batchSize) == nil {
        (limit, compactions) = (before, compactions + 1)
      }
    }
  }

  private var batchSize: Int { max(1, store.size / 50) }

  /// How much a save of so many records lengthens the file; nil if it replaces the file.
  private func growth(ofRecords count: Int) throws -> Int? {
    let before = try SystemCall.status(store.path)
    var random = SeededGenerator(seed: Int(before.st_size))
    let changes = (0..<count).map { _ in TokenChange.random(of: store.size, &random) }
    let byUser = Dictionary(changes.map { ($0.userName, $0.token) }) { $1 }
    try vault.save(Array(byUser.values))
    let after = try SystemCall.status(store.path)
    return after.st_ino == before.st_ino ? Int(after.st_size - before.st_size) : nil
  }
}
