import Glibc
import TokenVault

extension Run {
  /// Saves in a row with a compaction among them, while another process reads.
  func compactions() throws {
    let store = try vault()
    let vault = try Vault(VaultStorage.configuration(store.path))
    let count = isQuick ? 2000 : 10_000
    let deletes = try (0..<5).map { _ in try timeOfDelete(vault) }
    try GrownFile(vault: vault, store: store).growNearCompaction(savesLeft: count / 2)
    try awaitStart()
    let saves = try saves(vault, store, count)
    try report("save", Samples(saves.all))
    try report("saves that compacted", Samples(saves.compacting))
    try report("deleteToken (one replace)", Samples(deletes))
  }

  private func timeOfDelete(_ vault: Vault) throws -> Duration {
    var extra = TestRecord(number: 9_999_999).token
    extra.id = nil
    let id = try vault.save(extra).token.id ?? ""
    return try ContinuousClock().measure { try vault.deleteToken(id: id) }
  }

  /// A compacted file has another inode; asking for it is not timed.
  private func saves(
    _ vault: Vault, _ store: Store, _ count: Int
  ) throws -> (all: [Duration], compacting: [Duration]) {
    var random = SeededGenerator(seed: 99)
    var (all, compacting): ([Duration], [Duration]) = ([], [])
    var file = try SystemCall.status(store.path).st_ino
    let end = ContinuousClock.now + .seconds(isQuick ? 8 : 30)
    while all.count < count, ContinuousClock.now < end {
      let token = TokenChange.random(of: size, &random).token
      all.append(try ContinuousClock().measure { try vault.save(token) })
      let now = try SystemCall.status(store.path).st_ino
      if now != file { compacting += all.suffix(1) }
      file = now
    }
    return (all, compacting)
  }

  /// The other process: finds until its input ends.
  func readingProcess() throws {
    let storage = try vault().open()
    var random = SeededGenerator(seed: 77)
    try storage.find(user: TestRecord.user(1))
    try say("ready")
    _ = fcntl(0, F_SETFL, O_NONBLOCK)
    var (times, byte): ([Duration], UInt8) = ([], 0)
    while read(0, &byte, 1) != 0 {
      let user = TestRecord.user(.random(in: 1...size, using: &random))
      times.append(try ContinuousClock().measure { try storage.find(user: user) })
      usleep(100)
    }
    try report("another process's finds", Samples(times))
  }
}
