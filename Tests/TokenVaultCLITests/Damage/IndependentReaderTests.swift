import Foundation
import Testing

/// A reader in another language, written from FileFormat alone, agrees with the command.
///
/// It needs Python with `cryptography` 50 or later: the interpreter of TOKENVAULT_TEST_PYTHON, or
/// `.build/python/bin/python3`, which the README's test command makes.
@Suite struct IndependentReaderTests {
  private static let python =
    ProcessInfo.processInfo.environment["TOKENVAULT_TEST_PYTHON"]
    ?? CommandRunner.packageRoot.appending(path: ".build/python/bin/python3").path
  private static let reader = CommandRunner.packageRoot
    .appending(path: "Tests/IndependentReader/read_vault.py").path

  private let command: CommandRunner
  private var vault: String { command.file("v") }
  private var key: String { command.file("k") }
  private var environment: [String: String] {
    ["TOKENVAULT_FILE": vault, "TOKENVAULT_KEY_FILE": key]
  }

  init() throws { command = try CommandRunner() }

  private func read(_ kind: String, _ secret: String) throws -> CommandRunner.Result {
    try command.wait(command.start(Self.python, [Self.reader, vault, kind, secret]))
  }

  private func read() throws -> CommandRunner.Result { try read("key", key) }

  /// Both read these records, and as many.
  private func expectSame(_ count: Int, _ options: String..., place: Comment = "") throws {
    let arguments = ["list", "--json", "--reveal"] + options
    let theirs = try read()
    let ours = try command.wait(
      command.start(CommandRunner.command, arguments, environment: environment))
    let (left, right) = (
      try theirs.output.json(as: NSArray.self), try ours.output.json(as: NSArray.self)
    )
    #expect(left?.count == count && left == right, "\(place) \(theirs.errors)")
  }

  /// The reader refuses the vault with this byte changed.
  private func expectRejected(_ whole: [UInt8], _ index: Int) throws {
    var bytes = whole
    bytes[index] ^= 1
    try command.write(bytes, to: vault)
    let theirs = try read()
    #expect(
      theirs.status == 1 && theirs.errors.hasPrefix("rejected: "), "byte \(index): \(theirs)")
  }

  /// What we wrap for a passphrase, a recovery code and a key that we do not have, HPKE of another
  /// implementation opens.
  @Test func itOpensEverySlotAlsoAfterARotationThatDidNotHaveItsKey() throws {
    let second = command.file("k2")
    let (passphrase, code) = (command.file("passphrase"), command.file("code"))
    let line = """
      printf 'pässphrase\nmore' > passphrase
      tokenvault init --recovery --quiet > code &&
      tokenvault key add --name second --key-file k2 &&
      tokenvault key add --name ann --passphrase --new-passphrase-fd 3 3< passphrase &&
      echo '{"user_name":"a","access_token":"1"}' | tokenvault save
      """
    let made = try command.shell(line, environment: environment)
    #expect(made.status == 0, "\(made.errors)")
    let secrets = [
      ("key", key), ("key", second), ("passphrase", passphrase), ("recovery", code),
    ]
    for rotation in [[], ["rotate"], ["rotate", "--key-file", second], ["rotate", "--keep-key"]] {
      if !rotation.isEmpty {
        let rotated = try command.wait(
          command.start(CommandRunner.command, rotation, environment: environment))
        #expect(rotated.status == 0, "\(rotated.errors)")
      }
      for (kind, secret) in secrets {
        let result = try read(kind, secret)
        #expect(
          (try? result.output.json(as: [[String: Any]].self))?.count == 1,
          "\(rotation) \(kind): \(result.errors)")
      }
    }
  }

  @Test(arguments: ["json", "csv"])
  func itReadsWhatTheCommandWrote(_ format: String) throws {
    try command.run("init", "--format", format, "--quiet", environment: environment)
    #expect(try read().output == "[]")
    try command.run("import", CommandRunner.fixture("filestore-edge.csv"), environment: environment)
    let others =
      #"{"access_token":"x","":"no name","text:id":"t","json:a":"t","n":[1,{"é":null}],"b":true,"expires_at":"unknown","id_token":"\u0001","secret":""}"#
    try command.run("save", input: others, environment: environment)
    try expectSame(21)

    // More than one chunk, and the reader refuses what the format says it must.
    let long = #"{"user_name":"long","access_token":"\#(String(repeating: "y", count: 100_000))"}"#
    try command.run("save", input: long, environment: environment)
    #expect(try read().output.json(as: NSArray.self)?.count == 22)
    let whole = try command.bytes(vault)
    let end = try VaultParts(whole).indexEnd
    for index in [0, 20, 90, 150, 250, 400, 450, 600, 900, end / 2, end - 1] {
      try expectRejected(whole, index)
    }
  }

  /// The digest is right, as that of an attacker's header is.
  @Test(arguments: [
    ("features none", "features row-seals", 1, "row-seals"),
    ("slot second ", "slot other ", 5, "the list of"),
    ("log-extent 262144", "log-extent 4097", 5, ": "),
    ("after none", "after 9 00112233445566778899aabbccddeeff", 5, ": "), (" -", " none", 5, ": "),
  ])
  func itRefusesAHeaderThatWasChangedWithItsDigest(
    _ from: String, _ to: String, _ status: Int32, _ reason: String
  ) throws {
    let script = """
      import hashlib, sys
      path, before, after = sys.argv[1:]
      body, rest = open(path, "rb").read().split(b"\\nend ", 1)
      changed = body.replace(before.encode(), after.encode()) + b"\\n"
      assert changed[:-1] != body
      open(path, "wb").write(changed + b"end " + hashlib.sha256(changed).hexdigest().encode() + rest[64:])
      """
    try command.run("init", "--quiet", environment: environment)
    try command.run(
      "key", "add", "--name", "second", "--key-file", command.file("k2"), environment: environment)
    #expect(try read().output == "[]")
    let changed = try command.wait(
      command.start(Self.python, ["-c", script, vault, from, to]))
    #expect(changed.status == 0, "\(changed.errors)")
    let (theirs, ours) = (try read(), try command.run("list", environment: environment))
    #expect(theirs.status == 1 && theirs.errors.hasPrefix("rejected: "), "\(theirs)")
    #expect(ours.status == status, "\(ours)")
    #expect(theirs.errors.contains(reason) && ours.errors.contains(reason))
  }

  @Test(arguments: ["json", "csv"])
  func itReadsWhatSavesHaveAppendedAndRefusesWhatWasChanged(_ format: String) throws {
    try command.run("init", "--format", format, "--quiet", environment: environment)
    let records = (1...600).map {
      #"{"user_name":"u\#($0)","client_id":"c","scope":"\#(String(repeating: "s", count: 150))","access_token":"1"}"#
    }
    try command.run("save", input: records.joined(separator: "\n"), environment: environment)
    try #require(VaultParts(command.bytes(vault)).snapshot.upperBound > 65_536)
    // Updated and new records, one and many, with fields that the snapshot has no columns for.
    for input in [
      #"{"user_name":"u7","access_token":"2"}"#,
      #"{"user_name":"new","access_token":"a,\"b\"\r\n","é":[1,{"n":null}],"text:id":"t"}"#,
      #"[{"user_name":"u7","scope":""},{"id":"named","access_token":"x"},{"user_name":"new","id_token":"\u0001"}]"#,
      #"{"user_name":"long","access_token":"\#(String(repeating: "y", count: 40_000))"}"#,
    ] {
      let saved = try command.run("save", input: input, environment: environment)
      #expect(saved.status == 0, "\(saved.errors)")
    }
    try expectSame(603)
    let whole = try command.bytes(vault)
    let parts = try VaultParts(whole)
    let saves = parts.saves
    #expect(saves.count == 4 && saves[3].count > 40_000)

    // What was never finished, both leave out.
    for tail in [[1, 2, 3], Array(whole[saves[0]].prefix(31)), [UInt8](repeating: 7, count: 999)] {
      var bytes = whole
      bytes.replaceSubrange(parts.logEnd..<parts.logEnd + tail.count, with: tail)
      try command.write(bytes, to: vault)
      try expectSame(603)
    }
    try command.write(Array(whole[..<parts.logEnd]), to: vault)
    try expectSame(603, place: "cut in the zeros")
    try command.write(Array(whole[..<saves[3].lowerBound]), to: vault)
    // The command knows of the last save.
    try expectSame(602, "--accept-rollback", place: "cut before the last save")

    // A byte of each part of the first save and a middle one, which a later one says to be flushed.
    for save in [saves[0], saves[2]] {
      for offset in [0, 7, 8, 16, 24, 40, 63, 64, save.count - 1] {
        try expectDamage(whole, save.lowerBound + offset)
      }
    }
    func expectDamage(_ whole: [UInt8], _ index: Int) throws {
      try expectRejected(whole, index)
      let ours = try command.run("check", environment: environment)
      #expect(ours.status == 5, "byte \(index): \(ours)")
    }
  }

  @Test(arguments: ["json", "csv"])
  func itReadsALogOfSeveralExtentsAndItsSummaries(_ format: String) throws {
    try command.run("init", "--format", format, "--quiet", environment: environment)
    let records = (1...3000).map {
      #"{"user_name":"u\#($0)","scope":"\#(String(repeating: "s", count: 150))","access_token":"1"}"#
    }
    try command.run("save", input: records.joined(separator: "\n"), environment: environment)
    for number in 1...4 {
      let long = String(repeating: "\(number)", count: 100_000)
      try command.run(
        "save", input: #"{"user_name":"long\#(number)","access_token":"\#(long)"}"#,
        environment: environment)
    }
    let whole = try command.bytes(vault)
    let parts = try VaultParts(whole)
    try #require(parts.saves.count == 2, "the others are in the next extent")
    try expectSame(3004)
    // The summary behind the head of the second extent, which the saves behind it are bound to.
    let summary = (parts.indexEnd + 4095) / 4096 * 4096 + 262_144 + 64
    for offset in [0, 15, 23, 30, 50, 70, 100] {
      try expectRejected(whole, summary + offset)
      #expect(try command.run("check", environment: environment).status == 5)
    }
  }
}
