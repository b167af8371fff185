import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// Open stores in processes of their own while the keys are rotated.
@Suite struct RotationProcessTests {
  @Test func fourWritersAndFourReadersSeeNoErrorAndLoseNothingInTwentyRotations() async throws {
    let directory = try TemporaryDirectory()
    let configuration = directory.configuration()
    let vault = try await Vault.create(configuration)
    try await vault.save((1...4).map { Self.record($0, 0) })
    let path = directory.path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 1...4 {
        group.addTask {
          await #expect(processExitsWith: .success) {
            [path = path as String, worker = worker as Int] in
            try RotationProcessTests.write(path, worker)
          }
        }
        group.addTask {
          await #expect(processExitsWith: .success) {
            [path = path as String, worker = worker as Int] in
            try RotationProcessTests.read(path, worker)
          }
        }
      }
      // On a thread of its own: the tasks of the processes block those of the pool.
      let failure = Mutex<(any Error)?>(nil)
      Thread.detachNewThread {
        do { try Self.rotate(configuration) } catch { failure.withLock { $0 = error } }
        // Whatever happened, the others come to an end.
        try? Data().write(to: URL(filePath: "\(path)/rotated"))
      }
      try await group.waitForAll()
      if let error = failure.withLock({ $0 }) { throw error }
    }
    let counts = try (1...4).map { try directory.bytes("count-\($0)").text }
    #expect(try await vault.allTokens().map { $0.accessToken?.revealed } == counts)
    let saves = counts.compactMap(UInt64.init).reduce(0, +)
    #expect(try await vault.status().generation == 1 + 1 + 20 + saves)
    #expect(saves >= 20)
  }

  /// Rotates twenty times, and never before something was saved since the last time.
  private static func rotate(_ configuration: VaultConfiguration) throws {
    let vault = try Vault(configuration)
    // The writers are begun as tasks, which run when other tests have left them a thread: seldom looks until then
    // leave the processors to those.
    try waitForASave(to: vault, looks: 20_000, every: 50_000)
    for _ in 1...20 {
      try waitForASave(to: vault, looks: 20_000, every: 5_000)
      try Vault.rotate(configuration)
    }
  }

  private static func waitForASave(
    to vault: Vault, looks: Int, every microseconds: UInt32
  ) throws {
    let generation = try vault.status().generation
    for _ in 0..<looks {
      if try vault.status().generation != generation { return }
      usleep(microseconds)
    }
    throw CancellationError()
  }

  private static func record(_ worker: Int, _ number: Int) -> OAuthToken {
    var record = OAuthToken()
    record.userName = "w\(worker)"
    record.accessToken = Secret("\(number)")
    return record
  }

  /// Saves number after number until all rotations are done, and reads each again, with a store that stays
  /// open and with a new one.
  static func write(_ path: String, _ worker: Int) throws {
    let vault = try Vault(VaultConfiguration(in: path))
    var number = 0
    while !FileManager.default.fileExists(atPath: "\(path)/rotated") {
      number += 1
      try vault.save(record(worker, number))
      for store in [vault, try Vault(VaultConfiguration(in: path))] {
        let found = try store.findToken(matching: TokenQuery(userName: "w\(worker)"))
        guard found?.accessToken?.revealed == "\(number)" else { exit(EXIT_FAILURE) }
      }
    }
    try Data("\(number)".utf8).write(to: URL(filePath: "\(path)/count-\(worker)"))
  }

  /// Reads until the writer is done and its last number was seen; numbers never go back.
  static func read(_ path: String, _ worker: Int) throws {
    let vault = try Vault(VaultConfiguration(in: path))
    var last = 0
    while true {
      let count = FileManager.default.contents(atPath: "\(path)/count-\(worker)")
      let found = try vault.findToken(matching: TokenQuery(userName: "w\(worker)"))
      let number = Int(found?.accessToken?.revealed ?? "") ?? -1
      guard number >= last else { exit(EXIT_FAILURE) }
      last = number
      if let count, !count.isEmpty { exit(count == Data("\(last)".utf8) ? 0 : EXIT_FAILURE) }
      usleep(200)
    }
  }
}
