import Foundation
import Testing
import TokenRecords

@testable import TokenImporters

@Suite struct SQLiteDatabaseTests {
  /// A database whose last row stands in its write-ahead log alone, as a program leaves it that was killed.
  private func database(_ statement: String? = nil) throws -> URL {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "SQLiteDatabaseTests.\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let file = directory.appending(path: "zohooauth.db")
    let script = """
      import os, sqlite3, sys
      c = sqlite3.connect(sys.argv[1])
      c.execute("PRAGMA journal_mode=WAL")
      if len(sys.argv) > 2:
        c.execute(sys.argv[2])
      else:
        c.execute("CREATE TABLE oauthtoken (id varchar(10), user_name varchar(255), access_token varchar(255))")
        c.commit()
        c.execute("INSERT INTO oauthtoken VALUES ('1', 'ann', 'a-1')")
      c.commit()
      os._exit(0)
      """
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/python3")
    python.arguments = ["-c", script, file.path()] + [statement].compactMap(\.self)
    try python.run()
    python.waitUntilExit()
    try #require(python.terminationStatus == 0)
    return file
  }

  private func content(_ directory: URL) throws -> [String: Data] {
    var content: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: directory.path()) {
      content[name] = try Data(contentsOf: directory.appending(path: name))
    }
    return content
  }

  @Test func aRowInTheJournalIsReadAndTheOriginalIsNotTouched() throws {
    let file = try database()
    let directory = file.deletingLastPathComponent()
    defer { try? FileManager.default.removeItem(at: directory) }
    let before = try content(directory)
    #expect(before.count == 3)
    let found = try ForeignStore.zohoSQLite.records(
      in: ForeignFile(path: file.path(), bytes: [UInt8](try Data(contentsOf: file))))
    #expect(found.tokens.map(\.userName) == ["ann"])
    #expect(try content(directory) == before)
  }

  @Test func aDatabaseThatIsReadHasNoNameInTheTemporaryDirectory() throws {
    let file = try database()
    defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
    let database = try SQLiteDatabase(
      copyOf: ForeignFile(path: file.path(), bytes: [UInt8](try Data(contentsOf: file))))
    let environment = ProcessInfo.processInfo.environment
    let parent = environment["XDG_RUNTIME_DIR"] ?? environment["TMPDIR"] ?? "/tmp"
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
    }
    #expect(open.contains { $0.hasPrefix(parent) && $0.hasSuffix("/database (deleted)") })
    #expect(try database.rows("SELECT user_name FROM oauthtoken") == [["user_name": "ann"]])
  }

  @Test func aViewInThePlaceOfTheTableIsRefused() throws {
    let file = try database("CREATE VIEW oauthtoken AS SELECT 1 AS id")
    defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
    #expect(throws: ForeignFault.self) {
      try ForeignStore.zohoSQLite.records(
        in: ForeignFile(path: file.path(), bytes: [UInt8](try Data(contentsOf: file))))
    }
  }

  @Test func theJournalOfALinkedDatabaseIsThatBesideTheFile() throws {
    let file = try database()
    let directory = file.deletingLastPathComponent()
    defer { try? FileManager.default.removeItem(at: directory) }
    let link = directory.appending(path: "link")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
    let found = try ForeignStore.zohoSQLite.records(
      in: ForeignFile(path: link.path(), bytes: [UInt8](try Data(contentsOf: file))))
    #expect(found.tokens.map(\.userName) == ["ann"])
  }

  @Test func aDatabaseOfAnotherKindIsRefusedWithTheReasonOfSQLite() throws {
    let bytes = Array("SQLite format 3\0".utf8) + [UInt8](repeating: 7, count: 5000)
    #expect(throws: ForeignFault.self) {
      try ForeignStore.zohoSQLite.records(in: ForeignFile(path: nil, bytes: bytes))
    }
  }
}
