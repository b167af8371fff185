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

  private func read(
    _ command: CommandRunner, _ vault: String, _ kind: String, _ secret: String
  ) throws -> CommandRunner.Result {
    try command.wait(command.start(Self.python, [Self.reader, vault, kind, secret]))
  }

  /// What we wrap for a passphrase, a recovery code and a key that we do not have, HPKE of another
  /// implementation opens.
  @Test func itOpensEverySlotAlsoAfterARotationThatDidNotHaveItsKey() throws {
    let command = try CommandRunner()
    let (vault, key, second) = (command.file("v"), command.file("k"), command.file("k2"))
    let (passphrase, code) = (command.file("passphrase"), command.file("code"))
    let environment = ["TOKENVAULT_FILE": vault, "TOKENVAULT_KEY_FILE": key]
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
        let result = try read(command, vault, kind, secret)
        #expect(
          (try? result.output.json(as: [[String: Any]].self))?.count == 1,
          "\(rotation) \(kind): \(result.errors)")
      }
    }
  }

  @Test(arguments: ["json", "csv"])
  func itReadsWhatTheCommandWrote(_ format: String) throws {
    let command = try CommandRunner()
    let (vault, key) = (command.file("v"), command.file("k"))
    let environment = ["TOKENVAULT_FILE": vault, "TOKENVAULT_KEY_FILE": key]
    try command.run("init", "--format", format, "--quiet", environment: environment)
    func read() throws -> CommandRunner.Result { try self.read(command, vault, "key", key) }
    #expect(try read().output == "[]")
    try command.run("import", CommandRunner.fixture("filestore-edge.csv"), environment: environment)
    let others =
      #"{"access_token":"x","":"no name","text:id":"t","json:a":"t","n":[1,{"é":null}],"b":true,"expires_in":5,"id_token":"\u0001"}"#
    try command.run("save", input: others, environment: environment)
    let theirs = try read()
    let ours = try command.run("list", "--json", "--reveal", environment: environment)
    let (left, right) = (
      try theirs.output.json(as: NSArray.self), try ours.output.json(as: NSArray.self)
    )
    #expect(left?.count == 21 && left == right, "\(theirs.errors)")

    // More than one chunk, and the reader refuses what the format says it must.
    let long = #"{"user_name":"long","access_token":"\#(String(repeating: "y", count: 100_000))"}"#
    try command.run("save", input: long, environment: environment)
    #expect(try read().output.json(as: NSArray.self)?.count == 22)
    let whole = try command.bytes(vault)
    for index in [0, 20, 90, 150, 250, 400, 450, 600, 900, whole.count / 2, whole.count - 1] {
      var bytes = whole
      bytes[index] ^= 1
      try command.write(bytes, to: vault)
      let result = try read()
      #expect(
        result.status == 1 && result.errors.hasPrefix("rejected: "), "byte \(index): \(result)")
    }
  }
}
