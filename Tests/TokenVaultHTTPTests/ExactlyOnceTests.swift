import Foundation
import Synchronization
import Testing
import TokenServerFixture
import TokenVault
import TokenVaultHTTP

/// Many processes and threads, one token that has ended, and a server that counts.
@Suite struct ExactlyOnceTests {
  private static let processes = 8
  private static let threads = 8
  private static let rounds =
    ProcessInfo.processInfo.environment["TOKENVAULT_TEST_FULL"] == "1" ? 500 : 50

  @Test func eightProcessesOfEightThreadsMakeOneCallARoundAndAllHaveItsToken() async throws {
    let server = try TokenServer()
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "tokenvault-once-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: directory) }
    let (path, url) = (directory.path, "\(server.url)/token?delay=0.005")
    let vault = try await Vault.create(Self.configuration(path))
    try await vault.save(Self.expired(url, refreshToken: "ann.0"), ifRevision: nil)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<Self.processes {
        group.addTask {
          await #expect(processExitsWith: .success) {
            [path = path as String, worker = worker as Int] in
            try ExactlyOnceTests.ask(path, worker)
          }
        }
      }
      // On a thread of its own: the tasks of the processes block those of the pool.
      let failures = Sayings()
      Thread.detachNewThread {
        for round in 1...Self.rounds {
          failures.note { try Self.run(round, path, vault, server) }
        }
      }
      try await group.waitForAll()
      #expect(failures.all == [])
    }
    let log = try server.log()
    #expect(log.total == Self.rounds && log.reuse == 0 && log.revoked == [])
    #expect(log.calls.allSatisfy { $0.answered })
  }

  /// Lets all ask at once, and compares what they got with what the server says is good now.
  private static func run(
    _ round: Int, _ path: String, _ vault: Vault, _ server: TokenServer
  ) throws {
    var past = OAuthToken()
    past.userName = "ann"
    past.expiresAt = Expiry("2020-01-01T00:00:00Z")
    try vault.save(past, ifRevision: nil)
    try Data().write(to: URL(filePath: "\(path)/round-\(round)"))
    var answers: [Substring] = []
    for worker in 0..<processes {
      let file = "\(path)/answers-\(round)-\(worker)"
      while !FileManager.default.fileExists(atPath: file) { usleep(500) }
      answers += try String(contentsOf: URL(filePath: file), encoding: .utf8)
        .split(separator: "\n")
    }
    let family = try server.log().families["ann"]
    let stored = try vault.findToken(matching: TokenQuery(userName: "ann"))
    guard answers.count == processes * threads, Set(answers).count == 1,
      answers.first.map(String.init) == family?.accessToken, family?.calls == round,
      stored?.refreshToken?.revealed == family?.refreshToken
    else { throw Mismatch(round: round, answers: Set(answers.map(String.init))) }
  }

  private struct Mismatch: Error {
    let round: Int
    let answers: Set<String>
  }

  private static func expired(_ url: String, refreshToken: String) -> OAuthToken {
    var record = OAuthToken()
    record.userName = "ann"
    record.clientID = "client"
    record.accessToken = "none"
    record.refreshToken = Secret(refreshToken)
    record.expiresAt = Expiry("2020-01-01T00:00:00Z")
    record.attributes["token_endpoint"] = .text(Secret(url))
    return record
  }

  private static func configuration(_ path: String) -> VaultConfiguration {
    var configuration = VaultConfiguration(
      path: "\(path)/tokens.vault", key: .file("\(path)/tokens.key"), lockTimeout: .seconds(60))
    configuration.refreshTimeout = .seconds(600)
    return configuration
  }

  /// What one of the processes does: each of its threads asks once a round, half of them with a store of their own.
  static func ask(_ path: String, _ worker: Int) throws {
    let shared = try Vault(configuration(path))
    let others = try (0..<threads / 2).map { _ in try Vault(configuration(path)) }
    for round in 1...rounds {
      while !FileManager.default.fileExists(atPath: "\(path)/round-\(round)") { usleep(500) }
      let answers = Sayings()
      let group = DispatchGroup()
      for thread in 0..<threads {
        let vault = thread % 2 == 0 ? shared : others[thread / 2]
        DispatchQueue(label: "thread \(thread)").async(group: group) {
          do {
            let fresh = try vault.waitForFreshToken(for: TokenQuery(userName: "ann")) {
              try RefreshTokenGrant.patient.refreshAndWait($0)
            }
            answers.add(fresh.token.accessToken?.revealed ?? "none")
          } catch {
            answers.add("\(error)")
          }
        }
      }
      group.wait()
      try Data(answers.all.joined(separator: "\n").utf8).write(
        to: URL(filePath: "\(path)/answers-\(round)-\(worker)"), options: .atomic)
    }
  }
}

/// What threads have to say.
private final class Sayings: Sendable {
  private let texts = Mutex<[String]>([])

  var all: [String] { texts.withLock(\.self) }

  func add(_ text: String) { texts.withLock { $0.append(text) } }

  func note(_ body: () throws -> Void) {
    do { try body() } catch { add("\(error)") }
  }
}
