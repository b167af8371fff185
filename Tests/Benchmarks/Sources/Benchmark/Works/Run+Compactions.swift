import Glibc
import TokenVault

extension Run {
  /// Saves in a row with a compaction among them, while another process finds.
  func compactions() throws {
    let path = try vault().path
    let vault = try Vault(VaultStorage.configuration(path))
    let count = isQuick ? 2000 : 10_000
    try report("deleteToken (one replace)", (0..<5).map { _ in try timeOfDelete(vault) })
    try growLog(of: vault, path, savesLeft: count / 2)
    try sayReady()
    _ = readLine()
    var random = SeededGenerator(seed: 99)
    var (all, compacting): ([Duration], [Duration]) = ([], [])
    var file = try SystemCall.status(path).st_ino
    let end = ContinuousClock.now + .seconds(isQuick ? 8 : 30)
    while all.count < count, ContinuousClock.now < end {
      let token = TokenChange.random(of: size, &random).token
      all.append(try ContinuousClock().measure { try vault.save(token) })
      // A compacted file has another inode; asking for it is not timed.
      let now = try SystemCall.status(path).st_ino
      if now != file { compacting += all.suffix(1) }
      file = now
    }
    try report("save", all)
    try report("saves that compacted", compacting)
  }

  private func timeOfDelete(_ vault: Vault) throws -> Duration {
    var extra = TestRecord(number: 9_999_999).token
    extra.id = nil
    let id = try vault.save(extra).token.id ?? ""
    return try ContinuousClock().measure { try vault.deleteToken(id: id) }
  }

  /// Saves batches until about so many saves of one record are left before the log outgrows the snapshot.
  private func growLog(of vault: Vault, _ path: String, savesLeft: Int) throws {
    try vault.compact()
    let batch = max(1, size / 50)
    let most = try SystemCall.size(path) * 2 - (savesLeft + batch) * AppendFloor.entrySize
    var random = SeededGenerator(seed: 98)
    while try SystemCall.size(path) < most {
      let changes = (0..<batch).map { _ in TokenChange.random(of: size, &random) }
      let byUser = Dictionary(changes.map { ($0.userName, $0.token) }) { $1 }
      try vault.save(Array(byUser.values))
    }
  }

  /// The other process: finds until its input ends.
  func readingProcess() throws {
    let storage = try vault().open()
    var random = SeededGenerator(seed: 77)
    try storage.find(user: TestRecord.user(1))
    try sayReady()
    _ = fcntl(0, F_SETFL, O_NONBLOCK)
    var (times, byte): ([Duration], UInt8) = ([], 0)
    while read(0, &byte, 1) != 0 {
      let user = TestRecord.user(.random(in: 1...size, using: &random))
      times.append(try ContinuousClock().measure { try storage.find(user: user) })
      usleep(100)
    }
    try report("another process's finds", times)
  }
}
