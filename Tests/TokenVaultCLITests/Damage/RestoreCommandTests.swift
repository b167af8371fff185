import Foundation
import Testing

/// An older vault, and what `restore` does, prints and ends with.
@Suite struct RestoreCommandTests: FailingCommandSuite {
  let command: CommandRunner

  init() throws { command = try .withToken() }

  @Test func anOlderVaultIsTenUntilItIsAccepted() throws {
    try command.shell("cp data/tokenvault/tokens.vault old")
    try command.run("save", input: #"{"user_name":"b","access_token":"2"}"#)
    try command.shell("cp old data/tokenvault/tokens.vault")
    for line in ["list", "token 1", "rotate", "key list", "status", "check", "export --plaintext"] {
      try expect(
        10, "was rolled back: it is at generation 2, but this host has seen generation 3",
        "tokenvault \(line)")
    }
    let refused = try command.run("save", input: #"{"access_token":"3"}"#)
    #expect(
      refused.status == 10 && refused.errors.contains("hint: if a backup was put back on purpose"))
    #expect(try command.run("list", "--accept-rollback").status == 0)
    #expect(try command.run("list").status == 0)
  }

  @Test func restoreBringsThePreviousSnapshotBack() throws {
    try command.run("save", input: #"{"user_name":"b","access_token":"2"}"#)
    let restored = try command.run("restore")
    #expect(restored.status == 0)
    let vault = command.standardVault
    #expect(restored.output.hasPrefix("restored '\(vault)': '\(vault).previous' is from 20"))
    #expect(
      restored.output.hasSuffix(
        "Z, of generation 2, but this host has seen generation 3: 1 token and 1 generation behind; "
          + "1 tokens, now generation 4; "
          + "what was there is '\(vault).previous'\n"))
    #expect(try command.run("list", "--json").output.json(as: [Any].self)?.count == 1)
    try expect(9, "there is no copy of the vault at '", "tokenvault restore --from nothing")
    try command.shell("rm data/tokenvault/tokens.vault")
    try expect(9, "but its previous snapshot is at", "tokenvault list")
    let json = try command.run("restore", "--json").output.json(as: [String: Any].self)
    #expect(json?["tokens"] as? Int == 2 && json?["replaced"] == nil)
    try expect(5, "is damaged", "echo x > bad; chmod 600 bad; tokenvault restore --from bad")
  }
}
