import Foundation
import Testing

/// One byte is changed, and the hint of every command is followed until all is well.
@Suite struct DamageTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  private var vault: String { command.standardVault }
  private var directory: String { command.file("data/tokenvault") }

  /// A vault of so many records with limits, and behind a large snapshot three saves.
  private func makeVault(_ format: String, _ count: Int) throws {
    try command.run("init", "--quiet", "--format", format)
    try command.run("policy", "set", "--quiet", "--max-age", "90d")
    let records = (1...count).map { index in
      #"{"user_name":"u\#(index) \"q\", \#(index)","access_token":"token\#(index)"}"#
    }
    try command.run("save", input: records.joined(separator: "\n"))
    guard count > 1000 else { return }
    for user in ["s1", "s2", "s3"] {
      try command.run("save", input: #"{"user_name":"\#(user)","access_token":"\#(user)"}"#)
    }
  }

  /// A byte of a vault, and how many records may be lost with it.
  private struct Place {
    let name: String
    let offset: Int
    var isChunk = false
    var isSave = false
  }

  private func places(_ bytes: [UInt8]) throws -> [Place] {
    func length(at offset: Int) -> Int {
      bytes[offset..<offset + 8].reduce(0) { $0 << 8 | Int($1) }
    }
    let line = try #require(Data(bytes).range(of: Data("\nend ".utf8)))
    let header = line.upperBound + 65
    let (start, end) = (header + 8, header + 8 + length(at: header))
    let chunks = (end - start - 56) / 16_400
    var places = [
      Place(name: "the version", offset: 11), Place(name: "the store's name", offset: 25),
      Place(name: "a slot", offset: 400), Place(name: "the digest", offset: header - 20),
      Place(name: "the header's end", offset: header - 1),
      Place(name: "the length", offset: header),
      Place(name: "the length's end", offset: header + 7),
      Place(name: "the salt", offset: start + 3), Place(name: "the commitment", offset: start + 40),
      Place(name: "the first chunk", offset: start + 56 + 20, isChunk: true),
      Place(name: "the last chunk", offset: end - 1, isChunk: true),
    ]
    if chunks > 1 {
      let middle = start + 56 + chunks / 2 * 16_400 + 20
      places.append(Place(name: "a middle chunk", offset: middle, isChunk: true))
    }
    var (commits, offset) = ([Int](), end)
    while offset < bytes.count {
      commits.append(offset)
      offset += 32 + length(at: offset)
    }
    for (name, commit) in [("the first save", commits.first), ("the last save", commits.last)] {
      guard let commit else { continue }
      places.append(Place(name: name, offset: commit + 100, isSave: true))
      places.append(Place(name: "the frame of \(name)", offset: commit + 6, isSave: true))
    }
    return places
  }

  private func put(_ files: [String: [UInt8]], _ vault: [UInt8]) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
      try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
    }
    for (name, bytes) in files { try command.write(bytes, to: "\(directory)/\(name)") }
    try command.write(vault, to: self.vault)
    // Keys are rotated in between.
    try command.shell(
      "rm -rf state; cp -a state.sound state; find state -name '*.generation' -delete")
  }

  private func ids() throws -> Set<String> {
    let list = try command.run("list", "--json").output.json(as: [[String: Any]].self)
    return Set(try #require(list).compactMap { $0["id"] as? String })
  }

  /// Does what the hints say, beginning with that of this command, until it succeeds; returns what was done.
  private func followHints(of line: String, _ comment: Comment) throws -> [String] {
    var (line, done) = (line, [String]())
    for _ in 0..<6 {
      done.append(line)
      let result = try command.shell(line)
      if result.status == 0 { return done }
      let hint = try #require(
        result.errors.split(separator: "hint: ").last.map(String.init), comment)
      if let next = hint.range(of: "tokenvault ") {
        line = String(hint[next.lowerBound...])
      } else if hint.contains("--accept-rollback") {
        line = line.trimmingCharacters(in: .newlines) + " --accept-rollback"
      } else {
        Issue.record("\(comment): \(result)")
      }
      let isNew = !done.contains(line)
      #expect(isNew, "\(comment): \(line) hints at itself")
      if !isNew { break }
    }
    Issue.record("\(comment): \(done)")
    return done
  }

  /// The large vault in CSV with TOKENVAULT_TEST_FULL=1 alone.
  @Test(
    arguments: [("json", 2000), ("json", 300), ("json", 3), ("csv", 300), ("csv", 3)]
      + (CommandRunner.isFullTest ? [("csv", 2000)] : []))
  func oneDamagedByteCostsNoMoreThanWhatItWasPartOfForWhoFollowsTheHints(
    _ format: String, _ count: Int
  ) throws {
    try makeVault(format, count)
    let sound = try command.bytes(vault)
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
      files[name] = try command.bytes("\(directory)/\(name)")
    }
    try command.shell("cp -a state state.sound")
    let all = try ids()
    for place in try places(sound) {
      var damaged = sound
      damaged[place.offset] ^= 0x20
      try put(files, damaged)
      let comment: Comment = "\(place.name)"
      for line in ["check", "rotate"] {
        let result = try command.shell("tokenvault \(line)")
        #expect(result.status == 5 && result.errors.contains("hint: "), "\(comment): \(result)")
        #expect(try command.bytes(vault) == damaged)
      }
      let done = try followHints(of: "tokenvault check", comment)
      #expect(try command.run("check").status == 0, comment)
      let left = try ids()
      let lost = all.count - left.count
      #expect(left.isSubset(of: all), comment)
      if count == 3, place.isChunk {
        #expect(done.contains { $0.contains("restore") }, "nothing of the only chunk opens")
      } else {
        #expect(!done.contains { $0.contains("restore") }, comment)
        #expect(lost <= (place.isChunk ? 250 : place.isSave ? 1 : 0), comment)
        #expect((lost > 0) == (place.isChunk || place.isSave), comment)
      }
      try expectKept(damaged, comment)
    }
  }

  /// What was set aside outlasts everything but what the hint says that takes it away.
  private func expectKept(_ damaged: [UInt8], _ comment: Comment) throws {
    let copy = vault + ".damaged"
    let ids = try ids()
    let result = try command.run("rotate")
    #expect(result.status == 7 && result.errors.contains(copy), "\(comment): \(result)")
    #expect(try command.bytes(copy) == damaged, comment)
    _ = try followHints(of: "tokenvault rotate", comment)
    #expect(!FileManager.default.fileExists(atPath: copy), comment)
    #expect(try self.ids() == ids, comment)
  }

  // MARK: What the commands say

  @Test func repairTellsWhatIsLostAndWhatCameFromWhere() throws {
    try makeVault("json", 2000)
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
    try makeVault("json", 300)
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

  @Test func limitsThatAreLostAreAskedForAndGiven() throws {
    try makeVault("json", 300)
    var bytes = try command.bytes(vault)
    bytes[1500] ^= 1
    try command.write(bytes, to: vault)
    let refused = try command.run("repair")
    #expect(refused.status == 7 && refused.errors.contains("the limits of '\(vault)' are lost"))
    #expect(refused.errors.contains("--policy max-age=90d"), "as the previous snapshot has them")
    #expect(try command.bytes(vault) == bytes)
    for argument in ["90d", "idle", "idle=none", "idle=1d,idle=2d", "age=1d", "idle=1d,", ""] {
      #expect(try command.run("repair", "--policy", argument).status == 64, "\(argument)")
    }
    #expect(try command.run("repair", "--policy", "max-age=90d,idle=8h").status == 0)
    let policy = try command.run("policy", "show").output
    #expect(policy.contains("90d") && policy.contains("8h"), "\(policy)")
    try command.write(bytes, to: vault)
    #expect(try command.run("repair", "--policy", "none").status == 0)
    #expect(try !command.run("policy", "show").output.contains("90d"))
  }

  @Test func restoreTellsHowFarBehindTheCopyIsAndNeverHintsAtItself() throws {
    try makeVault("json", 2000)
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
    #expect(try ids().count == 2003)
  }

  @Test func onATerminalRestoreSaysHowOldTheCopyIsBeforeItIsDone() throws {
    try makeVault("json", 3)
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
    try makeVault("json", 300)
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
