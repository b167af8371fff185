import Foundation
import Testing

/// A backup is the vault of one moment, whatever other processes do, and comes back.
@Suite struct BackupCommandTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  private var copy: String { command.file("copy.vault") }

  @Test func aBackupComesBackWithRestore() throws {
    try command.makeVault("json", 20)
    let list = try command.run("list", "--json", "--reveal").output
    let result = try command.run("backup", copy)
    let size = try command.bytes(copy).count
    #expect(
      result.output == "copied to '\(copy)': \(size) bytes, 20 tokens, generation 3\n", "\(result)")
    #expect(try command.bytes(copy) == command.bytes(command.standardVault))
    try command.run("delete", "--all", "--yes")
    let restored = try command.run("restore", "--from", copy, "--accept-rollback")
    #expect(restored.status == 0, "\(restored)")
    #expect(try command.run("list", "--json", "--reveal").output == list)
  }

  @Test func aBackupOfALargeVaultWhileOthersSaveHasEachSaveBeforeOneMomentAndNoneBehindIt() throws {
    try command.makeLargeVault()
    let writer = try command.start(
      "/bin/bash",
      [
        "-c",
        #"""
        n=0
        while [ ! -e "$HOME/stop" ]; do
          n=$((n + 1))
          for user in w1 w2; do
            echo '{"user_name":"'$user'","access_token":"'$n'"}' | "$0" save --quiet || exit 1
          done > "$HOME/ids"
        done
        """#, CommandRunner.command,
      ])
    for number in 1...12 {
      let path = command.file("copy\(number).vault")
      let result = try command.run("backup", path)
      #expect(result.status == 0, "\(result)")
      let records = try command.run(
        "export", "--plaintext", "--vault", path, "--accept-rollback", "--accept-other-vault")
      #expect(records.status == 0, "\(records)")
      let saves = try ["w1", "w2"].map { try lastSave(of: $0, in: records.output) }
      // w1 is saved first in each round.
      #expect(saves[0] == saves[1] || saves[0] == saves[1] + 1, "\(saves)")
    }
    try command.write("", to: command.file("stop"))
    #expect(try command.wait(writer).status == 0)
  }

  private func lastSave(of user: String, in records: String) throws -> Int {
    let line = records.split(separator: "\n").first { $0.contains("\"\(user)\"") }
    guard let line else { return 0 }
    let token = try String(line).json(as: [String: Any].self)?["access_token"] as? String
    return try #require(token.flatMap { Int($0) })
  }

  @Test func whatIsThereStaysAndNoBackupIsMade() throws {
    try command.makeVault("json", 1)
    try command.write("mine", to: copy)
    let result = try command.run("backup", copy)
    #expect(result.status == 7 && result.errors.contains("'\(copy)'"), "\(result)")
    #expect(try command.bytes(copy) == Array("mine".utf8))
  }

  @Test func noCopyIsLeftOfADamagedVault() throws {
    try command.makeVault("json", 1)
    var bytes = try command.bytes(command.standardVault)
    bytes[bytes.count - 1] ^= 1
    try command.write(bytes, to: command.standardVault)
    let result = try command.run("backup", copy)
    #expect(result.status == 5 && result.errors.contains("'\(command.standardVault)'"), "\(result)")
    #expect(result.errors.contains("hint: ") && !result.errors.contains(copy), "\(result)")
    #expect(!FileManager.default.fileExists(atPath: copy))
  }

  @Test(arguments: ["", ".lock", ".new", ".compact", ".previous", ".damaged", ".damaged.3"])
  func noBackupGoesWhereTheVaultWouldRemoveIt(_ name: String) throws {
    try command.makeVault("json", 1)
    try command.run("delete", "1")
    let path = command.standardVault + name
    let before = try? command.bytes(path)
    let result = try command.shell(
      "cd data; tokenvault backup tokenvault/../tokenvault/tokens.vault\(name)")
    #expect(result.status == 64 && result.errors.contains("for itself"), "\(result)")
    #expect(
      try before == (FileManager.default.fileExists(atPath: path) ? command.bytes(path) : nil))
  }

  @Test func anOlderVaultThanThisHostHasSeenIsNotBackedUp() throws {
    try command.makeVault("json", 1)
    let old = try command.bytes(command.standardVault)
    try command.run("save", input: #"{"user_name":"b","access_token":"2"}"#)
    try command.write(old, to: command.standardVault)
    #expect(try command.run("backup", copy).status == 10)
    #expect(!FileManager.default.fileExists(atPath: copy))
  }

  @Test func aVaultThatIsNotThereOrAnotherKeyLeavesNothing() throws {
    #expect(try command.run("backup", copy).status == 9)
    try command.makeVault("json", 1)
    try command.write(String(repeating: "k", count: 32), to: command.file("key"))
    #expect(try command.run("backup", copy, "--key-file", command.file("key")).status == 4)
    #expect(!FileManager.default.fileExists(atPath: copy))
  }

  @Test func theCopyIsItsOwnersAloneAndHoldsNoSecretInPlainText() throws {
    try command.makeVault("json", 3)
    let result = try command.shell("umask 0; tokenvault backup copy.vault --json")
    #expect(try result.output.json(as: [String: Any].self)?["tokens"] as? Int == 3)
    let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try command.shell("! grep -aq token1 copy.vault").status == 0)
  }
}
