import Foundation
import Glibc
import Testing

@testable import TokenVault

/// Processes that go on with a store which their parent had open when it forked them.
@Suite struct ForkTests {
  /// How many records are there before: none, or so many that saves are appended.
  static let sizes = [0, 400]

  private func makeVault(_ directory: TemporaryDirectory, records: Int) throws {
    let vault = try Vault.create(directory.configuration())
    let long = String(repeating: "x", count: 200)
    try vault.save((0..<records).map { try smallToken("old\($0)", long) })
    try vault.save(smallToken("ann", "a0"))
  }

  @Test(arguments: sizes)
  func noSaveThatAForkedChildWasToldOfIsLost(records: Int) async throws {
    for _ in 1...(isFullTest ? 20 : 3) {
      let directory = try TemporaryDirectory()
      try makeVault(directory, records: records)
      await #expect(processExitsWith: .success) { [path = directory.path as String] in
        try synchronously {
          let vault = try Vault(VaultConfiguration(in: path))
          try vault.save(smallToken("parent"))
          try ForkTests.saveInChildren(vault)
          guard try vault.allTokens().count % 400 == 202 else { throw CancellationError() }
        }
      }
      #expect(try await Vault(directory.configuration()).allTokens().count == records + 202)
    }
  }

  @Test(arguments: sizes)
  func childrenSaveWhileARefreshOfTheirParentWaitsForItsServer(records: Int) async throws {
    let directory = try TemporaryDirectory()
    try makeVault(directory, records: records)
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      try synchronously {
        let vault = try Vault(VaultConfiguration(in: path))
        let (isCalled, mayAnswer, isDone) = (Gate(), Gate(), Gate())
        Thread.detachNewThread {
          _ = try? vault.waitForFreshToken(for: TokenQuery(userName: "ann"), force: true) { _ in
            isCalled.open()
            mayAnswer.wait()
            return RefreshAnswer(accessToken: "a1")
          }
          isDone.open()
        }
        isCalled.wait()
        try ForkTests.saveInChildren(vault)
        mayAnswer.open()
        isDone.wait()
      }
    }
    let vault = try await Vault(directory.configuration())
    #expect(try await vault.allTokens().count == records + 201)
    #expect(try await vault.findToken(matching: TokenQuery(userName: "ann"))?.accessToken == "a1")
  }

  @Test func aChildThatGoesOnLivingKeepsNeitherTheRecordNorTheVaultLocked() async throws {
    let directory = try TemporaryDirectory()
    try makeVault(directory, records: 0)
    await #expect(processExitsWith: .success) { [path = directory.path as String] in
      try synchronously {
        var configuration = VaultConfiguration(in: path)
        let vault = try Vault(configuration)
        let id = try vault.findToken(matching: TokenQuery(userName: "ann"))?.id ?? ""
        var lock = try vault.attemptLock(ofRecord: id)
        let writing = try configuration.file().lock(timeout: .seconds(60))
        let child = try ForkTests.forkIdle()
        defer {
          kill(child, SIGKILL)
          waitpid(child, nil, 0)
        }
        guard lock != nil else { throw CancellationError() }
        lock = nil
        writing.release()
        configuration.lockTimeout = .zero
        let other = try Vault(configuration)
        guard try other.attemptLock(ofRecord: id) != nil else { throw CancellationError() }
        try other.save(smallToken("new"))
      }
    }
  }

  @Test func aChildThatGoesOnLivingDoesNotInheritTheLocksOfAParentThatIsKilled() async throws {
    let directory = try TemporaryDirectory()
    try makeVault(directory, records: 0)
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = directory.path as String] in
      try synchronously {
        let vault = try Vault(VaultConfiguration(in: path))
        // From now on, the store keeps its files open.
        try vault.save(smallToken("parent"))
        let child = try ForkTests.forkIdle()
        try Data("\(child)".utf8).write(to: URL(filePath: "\(path)/child"))
        try vault.write { _ in _ = kill(getpid(), SIGKILL) }
      }
    }
    let child = try #require(pid_t(directory.bytes("child").text))
    defer { kill(child, SIGKILL) }
    #expect(kill(child, 0) == 0, "it lives")
    var configuration = directory.configuration()
    configuration.lockTimeout = .zero
    try await Vault(configuration).save(smallToken("new"), ifRevision: nil)
  }

  /// Four children save fifty records each through the store that they have inherited.
  private static func saveInChildren(_ vault: Vault) throws {
    let children = try (1...4).map { child in
      try fork { for save in 1...50 { try vault.save(smallToken("child\(child)-\(save)")) } }
    }
    for child in children {
      var status: Int32 = 0
      guard unsafe waitpid(child, &status, 0) == child, status == 0 else {
        throw CancellationError()
      }
    }
  }

  /// A child that does nothing but live, for ten minutes at most, also if its parent is killed. It closes the pipes that
  /// it has inherited: the test waits for their ends.
  private static func forkIdle() throws -> pid_t {
    try fork {
      alarm(600)
      for descriptor in Int32(0)..<1024 {
        var status = stat()
        if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO {
          close(descriptor)
        }
      }
      while true { pause() }
    }
  }

  /// Runs the body in a forked child, which ends with it.
  private static func fork(_ body: () throws -> Void) throws -> pid_t {
    let child = Glibc.fork()
    guard child >= 0 else { throw CancellationError() }
    if child > 0 { return child }
    do { try body() } catch {
      FileHandle.standardError.write(Data("child: \(error)\n".utf8))
      _exit(1)
    }
    _exit(0)
  }
}
