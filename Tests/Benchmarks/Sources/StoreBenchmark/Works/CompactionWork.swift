import Measuring
import TokenVault

/// Saves in a row with a rewrite of the file among them, while another process reads.
struct CompactionWork {
  let suite: Suite

  static let saves = "save"
  static let rewrites = "saves that rewrote the file"
  static let deletes = "deleteToken (one rewrite)"
  static let finds = "another process's finds"

  func measure() throws -> [Row] {
    let size = suite.largest
    let store = try suite.stores.store(.tokenVault, size: size)
    let vault = try Vault(VaultStorage.configuration(store.path))
    let count = suite.options.isQuick ? 2000 : 10_000
    let deletes = try deletes(vault)
    try GrownFile(vault: vault, store: store).growNearRewrite(savesLeft: count / 2)
    let reader = try ChildProcess.worker(["read", store.kind.rawValue, store.path, "\(size)"])
    try reader.awaitReadiness()
    let saves = try save(vault, store, count)
    let finds = try reader.finish().split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    guard finds.count == 3 else { throw SuiteError("the reader has said nothing") }
    suite.note("\(saves.all.count) saves, \(saves.rewrites.count) of them rewrote the file")
    return [
      Row(.compaction, Self.saves, size, Samples(saves.all)),
      Row(.compaction, Self.rewrites, size, Samples(saves.rewrites)),
      Row(.compaction, Self.deletes, size, Samples(deletes)),
      Row(
        work: Work.compaction.rawValue, contender: Self.finds, tokens: size, unit: .microseconds,
        samples: Int(finds[2]), median: finds[1], p99: nil, p999: nil, longest: finds[0]),
    ].filter { $0.samples > 0 }
  }

  private func deletes(_ vault: Vault) throws -> [Duration] {
    try (0..<5).map { _ in
      let id = try VaultStorage.saveExtra(vault)
      return try ContinuousClock().measure { try vault.deleteToken(id: id) }
    }
  }

  /// A rewritten file has another inode; asking for it is not timed.
  private func save(
    _ vault: Vault, _ store: Store, _ count: Int
  ) throws -> (all: [Duration], rewrites: [Duration]) {
    var random = SeededGenerator(seed: 99)
    var (all, rewrites): ([Duration], [Duration]) = ([], [])
    var file = try SystemCall.status(store.path).st_ino
    let end = ContinuousClock.now + .seconds(suite.options.isQuick ? 8 : 30)
    while all.count < count, ContinuousClock.now < end {
      let token = TokenChange.random(of: store.size, &random).token
      all.append(try ContinuousClock().measure { try vault.save(token) })
      let now = try SystemCall.status(store.path).st_ino
      if now != file { rewrites += all.suffix(1) }
      file = now
    }
    return (all, rewrites)
  }
}
