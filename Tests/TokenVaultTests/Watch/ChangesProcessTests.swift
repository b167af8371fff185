import Foundation
import Synchronization
import Testing

@testable import TokenVault

/// Watching what other processes do, and what watching leaves behind in a process.
@Suite struct ChangesProcessTests {
  /// Deletes, then inserts, then updates. What is deleted was not changed before, so that each change can be
  /// seen, however fast they are made.
  @Test(arguments: [(1, 1000), (2, 500)])
  func everyChangeOfProcessesIsSeenOnceAndInOrder(writers: Int, count: Int) async throws {
    let directory = try TemporaryDirectory()
    let configuration = directory.configuration()
    let vault = try await Vault.create(configuration)
    try await vault.save((1...60).map { Self.record("old-\($0)", 0) })
    let changes = Mutex<[VaultChange]>([])
    let reader = try vault.changeReader()
    let path = directory.path
    try await withThrowingTaskGroup(of: Void.self) { group in
      // On a thread of its own: the tasks of the processes block those of the pool.
      let isOver = AsyncStream<Void>.makeStream()
      Thread.detachNewThread {
        let seen = (try? Self.readUntilLast(reader)) ?? []
        changes.withLock { $0 = seen }
        isOver.continuation.finish()
      }
      for worker in 0..<writers {
        group.addTask {
          await #expect(processExitsWith: .success) {
            [
              path = path as String, worker = worker as Int, writers = writers as Int,
              count = count as Int
            ] in
            try ChangesProcessTests.write(path, count, worker, of: writers)
          }
        }
      }
      try await group.waitForAll()
      if writers > 1 { try await Vault.rotate(configuration) }
      try await Vault(configuration).save(Self.record("last", 0))
      for await _ in isOver.stream {}
    }
    let seen = changes.withLock { $0 }
    #expect(seen.count == count + 1)
    for (user, changes) in Dictionary(grouping: seen, by: { $0.userName ?? "" }) {
      Self.check(changes, of: user)
    }
    #expect(seen.filter { $0.kind == .deleted }.count == 50)
    #expect(seen.filter { $0.kind == .inserted }.count == 51)
  }

  private static func check(_ changes: [VaultChange], of user: String) {
    let isNew = !user.hasPrefix("old")
    if changes.contains(where: { $0.kind == .deleted }) {
      #expect(changes.map(\.revision) == [1], "\(user)")
    } else {
      let first = isNew ? 1 : 2
      #expect(changes.map(\.revision) == Array(first..<first + changes.count), "\(user)")
      #expect(changes.map(\.kind) == changes.map { $0.revision == 1 ? .inserted : .updated })
      #expect(changes.last?.fields != nil)
    }
  }

  private static func readUntilLast(_ reader: ChangeReader) throws -> [VaultChange] {
    var reader = reader
    var changes: [VaultChange] = []
    while changes.last?.userName != "last" { changes.append(try reader.next()) }
    return changes
  }

  /// Makes every n-th of the changes.
  static func write(_ path: String, _ count: Int, _ worker: Int, of writers: Int) throws {
    let vault = try Vault(VaultConfiguration(in: path))
    for number in stride(from: worker + 1, through: count, by: writers) {
      switch number {
      case ...50: try vault.deleteToken(id: String(number))
      case ...100: try vault.save(record("new-\(number)", number))
      default: try vault.save(record("old-\(51 + number % 10)", number))
      }
    }
  }

  private static func record(_ name: String, _ number: Int) -> OAuthToken {
    var record = OAuthToken()
    record.userName = name
    record.accessToken = Secret("\(number)")
    return record
  }

  /// In a process of its own, where nobody else opens files or starts threads.
  @Test func theEndOfALoopLeavesNothingOpen() async throws {
    let directory = try TemporaryDirectory()
    try await Vault.create(directory.configuration()).save(Self.record("a", 0))
    let path = directory.path
    await #expect(processExitsWith: .success) { [path = path as String] in
      try await ChangesProcessTests.beginAndEnd(path)
    }
  }

  private static func names(in directory: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: directory).count
  }

  /// How many directories this process watches.
  private static func watches() throws -> Int {
    let directory = "/proc/self/fd"
    return try FileManager.default.contentsOfDirectory(atPath: directory).filter { name in
      let target = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "\(directory)/\(name)")
      return target?.contains("inotify") == true
    }.count
  }

  static func beginAndEnd(_ path: String) async throws {
    let vault = try await Vault(VaultConfiguration(in: path))
    // The first rounds also make what Swift itself keeps.
    var counts: [Int] = []
    for round in 1...50 {
      try await readOne(vault)
      guard try watches() == 0 else { exit(EXIT_FAILURE) }
      try await cancelWhileWaiting(vault)
      guard try watches() == 0 else { exit(EXIT_FAILURE) }
      if round % 25 == 0 { counts.append(try names(in: "/proc/self/fd")) }
    }
    guard counts[1] <= counts[0] + 2 else { exit(EXIT_FAILURE) }
    // The last threads may be on their way out. Those of Swift's pool stay.
    let end = ContinuousClock.now.advanced(by: .seconds(600))
    while try names(in: "/proc/self/task") > 20 {
      guard ContinuousClock.now < end else { exit(EXIT_FAILURE) }
      await Task.yield()
    }
  }

  /// The iterator is dropped after one change.
  private static func readOne(_ vault: Vault) async throws {
    var changes = try await vault.changes().makeAsyncIterator()
    try await vault.save(record("a", .random(in: 1...(1 << 60))))
    guard try await changes.next() != nil else { exit(EXIT_FAILURE) }
  }

  private static func cancelWhileWaiting(_ vault: Vault) async throws {
    let task = Task {
      for try await _ in try await vault.changes() { exit(EXIT_FAILURE) }
    }
    if Bool.random() {
      while try watches() == 0 { await Task.yield() }
    }
    task.cancel()
    // The loop had not begun if the task was cancelled before.
    do { try await task.value } catch is CancellationError {}
  }

  /// In a process of its own, where nobody else watches.
  @Test func hundredsOfLoopsUseOneInstanceAndEachGetsAll() async throws {
    let directory = try TemporaryDirectory()
    try await Vault.create(directory.configuration()).save(Self.record("a", 0))
    let path = directory.path
    await #expect(processExitsWith: .success) { [path = path as String] in
      try await ChangesProcessTests.loop(path, 200)
    }
  }

  static func loop(_ path: String, _ count: Int) async throws {
    let vault = try await Vault(VaultConfiguration(in: path))
    let changes = try await vault.changes()
    try await withThrowingTaskGroup(of: Void.self) { group in
      let begun = AsyncStream<Void>.makeStream()
      for _ in 0..<count {
        group.addTask {
          var loop = changes.makeAsyncIterator()
          guard try await loop.next()?.revision == 2 else { exit(EXIT_FAILURE) }
          begun.continuation.yield()
          guard try await loop.next()?.revision == 3 else { exit(EXIT_FAILURE) }
        }
      }
      try await vault.save(record("a", 1))
      var ready = begun.stream.makeAsyncIterator()
      for _ in 0..<count { _ = await ready.next() }
      guard try watches() == 1 else { exit(EXIT_FAILURE) }
      try await vault.save(record("a", 2))
      try await group.waitForAll()
    }
    guard try watches() == 0 else { exit(EXIT_FAILURE) }
  }
}
