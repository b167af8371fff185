import Foundation
import Testing

@testable import TokenVault

/// Open stores in processes of their own while the keys are rotated.
@Suite struct RotationProcessTests {
  private static let saves = 50

  @Test func fourWritersAndFourReadersSeeNoErrorAndLoseNothingInTwentyRotations() async throws {
    let directory = try TemporaryDirectory()
    let configuration = directory.configuration()
    let vault = try Vault.create(configuration)
    try vault.save((1...4).map { Self.record($0, 0) })
    let path = directory.path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 1...4 {
        group.addTask {
          await #expect(processExitsWith: .success) { [path = path as String, worker = worker as Int] in
            try RotationProcessTests.write(path, worker)
          }
        }
        group.addTask {
          await #expect(processExitsWith: .success) { [path = path as String, worker = worker as Int] in
            try RotationProcessTests.read(path, worker)
          }
        }
      }
      // While all eight are at work: each rotation waits until something was saved since the last.
      for _ in 1...20 {
        let generation = try vault.status().generation
        while try vault.status().generation == generation { usleep(500) }
        try Vault.rotate(configuration)
      }
      try await group.waitForAll()
    }
    let numbers = try vault.allTokens().map { $0.accessToken?.revealed }
    #expect(numbers == Array(repeating: "\(Self.saves)", count: 4))
    #expect(try vault.status().generation == UInt64(1 + 1 + 20 + 4 * Self.saves))
  }

  private static func record(_ worker: Int, _ number: Int) -> OAuthToken {
    var record = OAuthToken()
    record.userName = "w\(worker)"
    record.accessToken = Secret("\(number)")
    return record
  }

  private static func configuration(_ path: String) -> VaultConfiguration {
    var configuration = VaultConfiguration(
      path: "\(path)/tokens.vault", key: .file("\(path)/tokens.vault.key"),
      lockTimeout: .seconds(60))
    configuration.locations = StandardLocations { _ in nil }
    return configuration
  }

  /// Saves number after number, and reads each again, with a store that stays open and with a new one.
  static func write(_ path: String, _ worker: Int) throws {
    let vault = try Vault(configuration(path))
    for number in 1...saves {
      try vault.save(record(worker, number))
      for store in [vault, try Vault(configuration(path))] {
        let found = try store.findToken(matching: TokenQuery(userName: "w\(worker)"))
        guard found?.accessToken?.revealed == "\(number)" else { exit(EXIT_FAILURE) }
      }
    }
  }

  /// Reads until the last number is there; numbers never go back.
  static func read(_ path: String, _ worker: Int) throws {
    let vault = try Vault(configuration(path))
    var last = 0
    while last < saves {
      let found = try vault.findToken(matching: TokenQuery(userName: "w\(worker)"))
      let number = Int(found?.accessToken?.revealed ?? "") ?? -1
      guard number >= last else { exit(EXIT_FAILURE) }
      last = number
      usleep(200)
    }
  }
}
