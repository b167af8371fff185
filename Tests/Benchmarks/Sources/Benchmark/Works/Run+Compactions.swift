import Glibc
import TokenVault

extension Run {
  /// Brings the vault's log to shortly before an open store compacts: at three quarters of the snapshot, or, if that is
  /// small, where one batch more makes a save compact. When that is, a first try shows.
  func growLog() throws {
    let path = try vault().path
    let vault = try Vault(VaultStorage.configuration(path))
    try vault.compact()
    let file = try SystemCall.status(path)
    var count = 0
    while case let now = try SystemCall.status(path), now.st_ino == file.st_ino {
      if now.st_size > file.st_size * 8 / 5 { return }
      try saveBatch(vault)
      count += 1
    }
    try vault.compact()
    for _ in 1..<max(2, count) { try saveBatch(vault) }
  }

  /// Saves some of the users in one commit: so few that the log takes them.
  private func saveBatch(_ vault: Vault) throws {
    var random = SeededGenerator(seed: .random(in: 0...Int.max))
    let changes = (0..<max(1, min(200, size / 50))).map { _ in TokenChange.random(of: size, &random)
    }
    try vault.save(Array(Dictionary(changes.map { ($0.userName, $0.token) }) { $1 }.values))
  }

  /// One of several processes: finds until its input ends.
  func readingProcess() throws {
    let storage = try vault().openWarm()
    var random = SeededGenerator(seed: 77)
    for number in 1...5_000 { try storage.find(user: TestRecord.user(number % size + 1)) }
    try awaitStart()
    var times = [Duration]()
    repeat {
      let user = TestRecord.user(.random(in: 1...size, using: &random))
      times.append(try ContinuousClock().measure { try storage.find(user: user) })
      usleep(100)
    } while goesOn()
    try report("one find", times)
  }
}
