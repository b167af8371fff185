import Foundation
import Testing

/// What the commands report of a damaged vault, and how it is repaired or restored.
@Suite struct DamageReportTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  private var vault: String { command.standardVault }

  @Test func repairTellsWhatIsLostAndWhatCameFromWhere() throws {
    try command.makeVault("json", 2000)
    var bytes = try command.bytes(vault)
    bytes[20_000] ^= 1
    try command.write(bytes, to: vault)
    let report = try #require(
      try command.run("repair", "--json").output.json(as: [String: Any].self))
    let tokens = try #require(report["tokens"] as? Int)
    #expect(report["snapshot_damaged"] as? Bool == true && report["lost_chunks"] as? Int == 1)
    #expect(report["limits_lost"] as? Bool == false && report["names_lost"] as? Bool == false)
    #expect(report["tokens_from_snapshot"] as? Int == tokens - 3)
    #expect(report["tokens_from_saves"] as? Int == 3 && report["sound_saves"] as? Int == 3)
    #expect(try #require(report["lost_bytes"] as? Int) >= 16_384)
    try command.write(bytes, to: vault)
    let sentence = try command.run("repair").output
    let chunks = try #require(report["snapshot_chunks"] as? Int)
    #expect(
      sentence.hasPrefix(
        "repaired '\(vault)': 1 of \(chunks) chunks of the snapshot lost, and with them "
          + "\(report["lost_bytes"] ?? "") bytes of records, "), "\(sentence)")
    #expect(sentence.contains("\(tokens - 3) from the snapshot and 3 from saves behind it"))
    #expect(sentence.hasSuffix("the file as it was is '\(vault).damaged.2'\n"))
  }

  @Test func whatIsSetAsideIsToldAndIsInTheWayOfAllThatRemoves() throws {
    try command.makeVault("json", 300)
    var bytes = try command.bytes(vault)
    bytes[20_000] ^= 1
    try command.write(bytes, to: vault)
    try command.run("repair")
    try command.run(
      "save", input: #"{"user_name":"k","access_token":"k","expires_at":"2020-01-01T00:00:00Z"}"#)
    try command.run("key", "add", "--name", "web", "--key-file", command.file("web.key"))
    let copy = vault + ".damaged"
    let before = try command.bytes(vault)
    for line in [
      "delete 1", "delete --all --yes", "purge --expired", "rotate", "rotate --dry-run",
      "key remove web",
    ] {
      let result = try command.shell("tokenvault \(line)")
      #expect(result.status == 7 && result.errors.contains(copy), "\(line): \(result)")
      #expect(result.errors.contains("hint: ") && result.errors.contains("repair --discard"))
      #expect(try command.bytes(copy) == bytes && command.bytes(vault) == before)
    }
    let check = try command.run("check")
    #expect(check.output.contains("'\(copy)'") && check.output.contains("repair --discard"))
    #expect(try command.run("status").output.contains("set aside   \(copy)\n"))
    for name in ["check", "status"] {
      let json = try command.run(name, "--json").output.json(as: [String: Any].self)
      #expect(json?["damaged_copies"] as? [String] == [copy])
    }
    #expect(try command.run("repair", "--discard").errors.contains("discarded '\(copy)'"))
    #expect(try !command.run("check").output.contains(copy))
    #expect(try command.run("delete", "1").status == 0)
  }

  @Test func restoreTellsHowFarBehindTheCopyIsAndNeverHintsAtItself() throws {
    try command.makeVault("json", 2000)
    let before = try command.bytes(vault)
    let refused = try command.run("restore")
    #expect(refused.status == 10 && refused.output == "")
    #expect(refused.errors.contains("2003 tokens and 4 generations behind '\(vault)'"))
    #expect(refused.errors.contains("hint: ") && !refused.errors.contains("tokenvault restore"))
    #expect(refused.errors.contains("'\(vault).previous' is from 20"))
    var damaged = before
    damaged[20_000] ^= 1
    try command.write(damaged, to: vault)
    let better = try command.run("restore")
    #expect(better.status == 10 && better.errors.contains("hint: "), "\(better)")
    #expect(better.errors.contains("tokenvault repair"))
    #expect(try command.bytes(vault) == damaged)
    try command.write(before, to: vault)
    let json = try #require(
      try command.run("restore", "--accept-rollback", "--json").output.json(as: [String: Any].self))
    #expect(json["behind_tokens"] as? Int == 2003 && json["behind_generations"] as? Int == 4)
    #expect((json["made_at"] as? String)?.hasSuffix("Z") == true)
    let back = try command.run("restore")
    #expect(back.status == 0, "one generation: \(back)")
    #expect(back.output.contains("0 tokens and 1 generation behind"), "\(back)")
    #expect(try command.ids().count == 2003)
  }

  @Test func onATerminalRestoreSaysHowOldTheCopyIsBeforeItIsDone() throws {
    try command.makeVault("json", 3)
    let driver = CommandRunner.packageRoot.appending(path: "Tests/Terminal/drive.py").path
    let line = ["python3", driver, "[]", CommandRunner.command, "restore", "--json"]
    let result = try command.wait(command.start("/usr/bin/env", line))
    let shown = try #require(try result.output.json(as: [String: Any].self))
    let text = try #require(shown["shown"] as? String)
    let note = try #require(text.range(of: "3 tokens and 1 generation behind '\(vault)'"))
    let object = try #require(text.range(of: "\"behind_tokens\":3"))
    #expect(note.upperBound < object.lowerBound)
  }

  @Test func discardIsRefusedWhileTheVaultIsNotSound() throws {
    try command.makeVault("json", 300)
    #expect(try command.run("repair", "--discard").errors.contains("nothing to discard"))
    var bytes = try command.bytes(vault)
    bytes[20_000] ^= 1
    try command.write(bytes, to: vault)
    try command.run("repair")
    let sound = try command.bytes(vault)
    try command.write(bytes, to: vault)
    let refused = try command.run("repair", "--discard")
    #expect(refused.status == 5 && refused.errors.contains("; nothing was discarded"))
    #expect(
      refused.errors.contains("hint: ") && refused.errors.contains("tokenvault repair --vault"))
    try command.shell("rm '\(vault)'")
    #expect(try command.run("repair", "--discard").status == 9)
    #expect(try command.bytes(vault + ".damaged") == bytes)
    #expect(try command.run("repair", "--discard", "--policy", "none").status == 64)
    try command.write(sound, to: vault)
    let json = try command.run("repair", "--discard", "--json").output.json(as: [String: Any].self)
    #expect(json?["discarded"] as? [String] == [vault + ".damaged"])
  }
}
