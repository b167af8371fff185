import Foundation
import Testing

/// Commands on a vault whose saves are appended.
@Suite struct LargeVaultCommandTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.makeLargeVault()
  }

  private var vault: String { command.standardVault }

  private func object(_ result: CommandRunner.Result) throws -> [String: Any] {
    try #require(try result.output.json(as: [String: Any].self))
  }

  /// Damages the last save, or an earlier one.
  private func damageSave(_ number: Int? = nil) throws -> [UInt8] {
    var bytes = try command.bytes(vault)
    let saves = try VaultParts(bytes).saves
    bytes[saves[number ?? saves.count - 1].upperBound - 1] ^= 1
    try command.write(bytes, to: vault)
    return bytes
  }

  // MARK: compact

  @Test func compactTellsWhatItHasDoneAndNothingIsLost() throws {
    let long = String(repeating: "y", count: 100_000)
    for number in 1...3 {
      try command.run(
        "save", input: #"{"user_name":"u7","access_token":"\#(number)\#(long)"}"#)
    }
    try command.run("save", input: #"{"user_name":"u7","access_token":"changed"}"#)
    let before = try command.bytes(vault).count
    let list = try command.run("list", "--json", "--reveal").output
    let result = try command.run("compact")
    let after = try command.bytes(vault).count
    #expect(
      result.output == "'\(vault)' had \(before) bytes, and has \(after), generation 7\n")
    #expect(result.status == 0 && result.errors == "" && after < before)
    #expect(try command.run("list", "--json", "--reveal").output == list)
    let again = try command.run("compact")
    #expect(again.output == "'\(vault)' is compact: \(after) bytes, generation 7\n")
    #expect(again.status == 0)
  }

  @Test func compactTellsItInJSON() throws {
    try command.run("save", input: #"{"user_name":"u7","access_token":"changed"}"#)
    let before = try command.bytes(vault).count
    let report = try object(try command.run("compact", "--json"))
    let after = try command.bytes(vault)
    #expect(report["path"] as? String == vault && report["generation"] as? Int == 4)
    #expect(report["size_before"] as? Int == before && report["size"] as? Int == after.count)
    let again = try object(try command.run("--json", "compact"))
    #expect(again["size_before"] as? Int == after.count && again["size"] as? Int == after.count)
    #expect(again["generation"] as? Int == 4)
    #expect(try command.bytes(vault) == after)
  }

  @Test func compactOfADamagedOrMissingVaultIsAnError() throws {
    try command.run("save", input: #"{"user_name":"u7","access_token":"changed"}"#)
    let bytes = try damageSave()
    let result = try command.run("compact")
    #expect(result.status == 5 && result.errors.contains("hint: "), "\(result)")
    #expect(try command.bytes(vault) == bytes)
    let missing = try command.run("compact", "--vault", command.file("none"))
    #expect(missing.status == 9)
  }

  // MARK: repair

  @Test func repairOfASoundVaultSaysSo() throws {
    try command.run("save", input: #"{"user_name":"new","access_token":"1"}"#)
    let bytes = try command.bytes(vault)
    let result = try command.run("repair")
    #expect(result.output == "'\(vault)' is sound: 2001 tokens, generation 3\n")
    #expect(result.status == 0 && result.errors == "")
    let report = try object(try command.run("repair", "--json"))
    #expect(report["path"] as? String == vault && report["copy"] == nil)
    #expect(report["sound_saves"] as? Int == 1 && report["lost_saves"] as? Int == 0)
    #expect(report["unfinished_bytes"] as? Int == 0 && report["tokens"] as? Int == 2001)
    #expect(report["generation"] as? Int == 3)
    #expect(try command.bytes(vault) == bytes)
    #expect(!FileManager.default.fileExists(atPath: vault + ".damaged"))
  }

  @Test func checkTellsOfDamageItsHintNamesRepairAndRepairGoesOn() throws {
    try command.run("save", input: #"{"user_name":"new","access_token":"1"}"#)
    try command.run("save", input: #"{"user_name":"lost","access_token":"1"}"#)
    let bytes = try damageSave()
    for arguments in [["check"], ["list"], ["token", "1"], ["status"]] {
      let result = try command.wait(command.start(CommandRunner.command, arguments))
      #expect(result.status == 5 && result.output == "", "\(arguments): \(result)")
      #expect(result.errors.contains("hint: ") && result.errors.contains("tokenvault repair"))
    }
    #expect(try command.bytes(vault) == bytes)
    let result = try command.run("repair")
    #expect(
      result.output
        == "repaired '\(vault)': 1 save lost; 1 behind the snapshot were sound; 2001 tokens, "
        + "2000 from the snapshot and 1 from saves behind it, now generation 5; the file as it was is '\(vault).damaged'\n"
    )
    #expect(result.status == 0 && result.errors == "")
    #expect(try command.bytes(vault + ".damaged") == bytes)
    #expect(
      try command.run("check").output
        == "'\(vault)' is sound: 2001 tokens, generation 5\n'\(vault).damaged' is a damaged vault, "
        + "set aside; when nothing in it is missed: tokenvault repair --discard --vault '\(vault)'\n"
    )
    #expect(try command.run("token", "--user", "new").output == "1\n")
    #expect(try command.run("token", "--user", "lost").status == 3)
  }

  @Test func repairTellsItInJSON() throws {
    for user in ["x", "y", "z"] {
      try command.run("save", input: #"{"user_name":"\#(user)","access_token":"1"}"#)
    }
    let cut = try damageSave(0)
    let report = try object(try command.run("repair", "--json"))
    #expect(report["path"] as? String == vault && report["copy"] as? String == vault + ".damaged")
    #expect(report["sound_saves"] as? Int == 2 && report["lost_saves"] as? Int == 1)
    #expect(report["unfinished_bytes"] as? Int == 0 && report["tokens"] as? Int == 2002)
    #expect(report["generation"] as? Int == 6)
    #expect(try command.bytes(vault + ".damaged") == cut)
  }

  @Test func repairOfWhatCannotBeSavedOrIsMissingIsAnErrorAndChangesNothing() throws {
    var bytes = try command.bytes(vault)
    for place in [30, 50] { bytes[place] ^= 1 }
    try command.write(bytes, to: vault)
    for arguments in [["repair"], ["repair", "--json"]] {
      let result = try command.wait(command.start(CommandRunner.command, arguments))
      #expect(result.status == 5 && result.output == "", "\(result)")
      #expect(result.errors.contains("tokenvault restore"))
    }
    #expect(try command.bytes(vault) == bytes)
    #expect(!FileManager.default.fileExists(atPath: vault + ".damaged"))
    let missing = try command.run("repair", "--vault", command.file("none"))
    #expect(missing.status == 9 && missing.errors.contains("hint: "))
  }

  // MARK: Reading

  @Test func recordsOfAnAppendedVaultAreFoundOneByOneAndAllTogether() throws {
    try command.run("save", input: #"{"user_name":"u7","access_token":"changed"}"#)
    try command.run(
      "save", input: #"{"user_name":"new","client_id":"c","refresh_token":"r","access_token":"n"}"#)
    let list = try command.run("list", "--json", "--reveal").output.json(as: [[String: Any]].self)
    let all = try #require(list)
    #expect(all.count == 2001)
    #expect(all.map { $0["id"] as? String } == (1...2001).map(String.init))
    for (arguments, token, id) in [
      (["1"], "token1", 1), (["2000"], "token2000", 2000), (["7"], "changed", 7),
      (["--user", "u7"], "changed", 7), (["--user", "u1999"], "token1999", 1999),
      (["--user", "new"], "n", 2001), (["--user", "new", "--client", "c"], "n", 2001),
    ] {
      let printed = try command.wait(
        command.start(CommandRunner.command, ["token"] + arguments))
      #expect(printed.output == token + "\n" && printed.status == 0, "\(arguments)")
      let query = arguments.count == 1 ? ["--id"] + arguments : arguments
      let found = try command.wait(
        command.start(CommandRunner.command, ["find", "--reveal", "--json"] + query))
      #expect(
        try found.output.json(as: NSDictionary.self) == all[id - 1] as NSDictionary, "\(arguments)")
    }
    let matched = try command.run("find", "--match", "--json", input: #"{"refresh_token":"r"}"#)
    #expect(try object(matched)["user_name"] as? String == "new")
    for arguments in [["2002"], ["--user", "nobody"], ["--user", "new", "--client", "d"]] {
      let missing = try command.wait(
        command.start(CommandRunner.command, ["token"] + arguments))
      #expect(missing.status == 3 && missing.output == "", "\(arguments)")
    }
  }
}

extension CommandRunner {
  /// A standard vault of generation 2 with the records `u1` to `u2000`, the saves to which are appended.
  func makeLargeVault(_ format: String = "json") throws {
    try run("init", "--quiet", "--format", format)
    let records = (1...2000).map { #"{"user_name":"u\#($0)","access_token":"token\#($0)"}"# }
    try run("save", input: records.joined(separator: "\n"))
  }
}
