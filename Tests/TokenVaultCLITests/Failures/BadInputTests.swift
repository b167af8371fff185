import Foundation
import Testing

/// What a stranger may throw at the command: each its own sentence, the right exit code, nothing changed.
@Suite struct BadInputTests: FailingCommandSuite {
  let command: CommandRunner

  init() throws { command = try Self.commandWithARecord() }

  private var vault: String { command.standardVault }

  @Test func vaultsThatAreNone() throws {
    try expect(
      5, "does not begin like a vault",
      "printf 'hello\\n' > f; chmod 600 f; tokenvault list --vault f")
    try expect(5, "is empty", ": > f; chmod 600 f; tokenvault list --vault f")
    try expect(1, "is a directory", "mkdir d; tokenvault list --vault d")
    try expect(1, "is a directory", "tokenvault save --vault .", input: #"{"access_token":"1"}"#)
    try expect(1, "not a regular file", "mkfifo p; tokenvault list --vault p")
    try expect(1, "not a regular file", "tokenvault list --vault /dev/full")
    try expect(7, "already exists", "tokenvault init --vault /dev/full")
    try expect(9, "there is no vault", "tokenvault list --vault nowhere")
    try expect(9, "there is no vault", "tokenvault list --vault no/where")
    try expect(1, "there is no directory", "tokenvault init --vault no/where")
    try expect(
      5, "version 2",
      "sed 's/^tokenvault 1$/tokenvault 2/' '\(vault)' > n; chmod 600 n; tokenvault list --vault n")
    try expect(
      1, "is a vault of version 2, newer",
      "printf 'tokenvault 2\\n' > n; printf 'end %s\\n' $(sha256sum < n | cut -c1-64) >> n; chmod 600 n; tokenvault list --vault n"
    )
  }

  @Test func keysThatAreNone() throws {
    try expect(4, "there is no such file", "tokenvault list --key-file nokey")
    try expect(
      4, "it has 31 bytes", "head -c 31 /dev/zero > k; chmod 600 k; tokenvault list --key-file k")
    try expect(
      4, "it has 31 bytes",
      "head -c 31 /dev/zero > k; chmod 600 k; tokenvault init --vault new --key-file k; s=$?; [ -e new ] && exit 99; exit $s"
    )
    try expect(
      4, "is none of this vault's",
      "head -c 32 /dev/zero > k2; chmod 600 k2; tokenvault list --key-file k2")
    try expect(4, "not a regular file", "mkdir kd; tokenvault list --key-file kd")
    try expect(8, "lets others in", "cp k2 k3; chmod 644 k3; tokenvault list --key-file k3")
    try expect(
      8, "lets others in",
      "chmod 640 '\(vault)'; tokenvault list; s=$?; chmod 600 '\(vault)'; exit $s")
    try expect(4, "no such file", "mv state away; tokenvault list; s=$?; mv away state; exit $s")
  }

  @Test func recordsThatAreNone() throws {
    try expect(
      1, "standard input: line 1, column 2: expected a record", "tokenvault save", input: "[1,2,3]")
    try expect(1, "expected a record", "tokenvault save", input: "\"text\"")
    try expect(1, "holds no record", "tokenvault save", input: "")
    try expect(1, "the text ends inside a record", "tokenvault save", input: #"{"access_token":"x"#)
    try expect(1, "not UTF-8", #"printf '{"access_token":"\xff"}' | tokenvault save"#)
    try expect(
      1, "nested deeper",
      #"(printf '{"x":'; head -c 200000 /dev/zero | tr '\0' '[') | tokenvault save"#)
    try expect(
      1, "longer than 1048576 bytes",
      #"(printf '{"access_token":"'; head -c 100000000 /dev/zero | tr '\0' x) | tokenvault save"#)
    try expect(1, "larger than 1073741824 bytes", "head -c 1025M /dev/zero | tokenvault save")
    try expect(1, "larger than 1073741824 bytes", "tokenvault import /dev/zero")
    try expect(
      1, "record 2 has no access", "tokenvault save",
      input: #"{"access_token":"n"}{"user_name":"x"}"#)
    try expect(1, "there is no header row", "tokenvault import --from csv /dev/null")
    try expect(
      1, "not a header that the Zoho SDKs write", "echo 1,2,3 | tokenvault import --from zoho-csv -"
    )
    try expect(1, "no such file", "tokenvault save nofile")
    try expect(1, "is a directory", "tokenvault import .")
    try expect(64, "--user must not be empty", "tokenvault find --user ''")
    try expect(64, "--user must not be empty", "tokenvault token --user ''")
    try expect(3, "no token matches", "tokenvault find --match", input: "{}")
    try expect(3, "no token matches", "tokenvault find --match", input: #"{"client_id":"x"}"#)
  }

  /// As the library's own sweep over every byte, here for the exit code and the signal: a bounded sample, every
  /// byte with TOKENVAULT_TEST_FULL=1.
  @Test(arguments: ["json", "csv"])
  func aVaultCutOrChangedAnywhereEndsWithFive(_ format: String) throws {
    let path = command.file("t")
    try command.run(
      "init", "--quiet", "--vault", path, "--key-file", path + ".key", "--format", format)
    let records = ["a", "b", "c"].map { #"{"user_name":"\#($0)","access_token":"keep-me"}"# }
    try command.run("save", "--vault", path, "--key-file", path + ".key", input: records.joined())
    let whole = try command.bytes(path)
    for index in stride(from: 0, to: whole.count, by: CommandRunner.isFullTest ? 1 : 41) {
      var changed = whole
      changed[index] ^= 1
      for bytes in [changed, Array(whole[..<index])] {
        try command.write(bytes, to: path)
        let result = try command.run("token", "1", "--vault", path, "--key-file", path + ".key")
        #expect(result.status == 5 && result.signal == nil, "byte \(index): \(result)")
        #expect(result.output.isEmpty && result.errors.contains("'\(path)'"), "byte \(index)")
      }
    }
  }

  @Test func aRecordGivenAsAnArgumentIsRefusedAndNotRepeated() throws {
    for argument in [#"{"access_token":"keep-me"}"#, #" ["keep-me"]"#] {
      for verb in ["save", "import"] {
        let result = try command.run(verb, argument)
        #expect(result.status == 64 && !result.errors.contains("keep-me"), "\(result)")
      }
    }
  }

  @Test func openSSLThatRefusesIsNotToldAsDamage() throws {
    try command.write(
      """
      openssl_conf = init
      [init]
      alg_section = algorithms
      [algorithms]
      default_properties = fips=yes

      """, to: command.file("openssl.cnf"))
    let result = try command.run(
      "list", environment: ["OPENSSL_CONF": command.file("openssl.cnf")])
    #expect(result.status == 1 && result.signal == nil, "\(result)")
    #expect(result.errors.hasPrefix("tokenvault: OpenSSL: "), "\(result)")
  }

  @Test func aFirstSaveThatFailsMakesNothing() throws {
    let fresh = try CommandRunner()
    for (input, arguments) in [
      (#"{"scope":"x"}"#, ["save"]), ("[7]", ["save"]), (#"{"user_name":"u"}"#, ["import", "-"]),
      (#"{"access_token":"1"}"#, ["save", "--if-revision", "3"]),
    ] {
      let result = try fresh.wait(fresh.start(CommandRunner.command, arguments, input: input))
      #expect(result.status == (arguments.count == 3 ? 7 : 1), "\(result)")
      #expect(!FileManager.default.fileExists(atPath: fresh.file("data")))
      #expect(!FileManager.default.fileExists(atPath: fresh.file("state")))
    }
    try fresh.shell("head -c 31 /dev/zero > k; chmod 600 k; tokenvault init --vault v --key-file k")
    try fresh.shell(
      "tokenvault init --vault v --key-file /proc/none/k; tokenvault init --vault no/v")
    let empty = try fresh.run("import", CommandRunner.fixture("filestore-empty.csv"))
    #expect(empty.output == "0 inserted, 0 updated, 0 unchanged\n")
    #expect(!FileManager.default.fileExists(atPath: fresh.file("data")))
    let names = try FileManager.default.contentsOfDirectory(atPath: fresh.home)
    #expect(!names.contains { $0.hasPrefix("v") }, "\(names)")
  }

  @Test func processSubstitutionAndDashAreInputs() throws {
    let result = try command.shell(
      #"tokenvault import <(echo '{"user_name":"p","access_token":"1"}') && echo '{"user_name":"q","access_token":"1"}' | tokenvault save -"#
    )
    #expect(result.output == "1 inserted, 0 updated, 0 unchanged\n3\n")
  }

  @Test func whatIsPrintedCannotDriveTheTerminal() throws {
    try command.run("save", input: #"{"user_name":"\u001b[31mred\u202e\n","access_token":"1"}"#)
    for arguments in [["list"], ["find", "--id", "2"]] {
      let result = try command.wait(command.start(CommandRunner.command, arguments))
      #expect(!result.output.contains("\u{1B}") && !result.output.contains("\u{202E}"))
      #expect(result.output.contains("\\u{1b}[31mred"))
    }
    let missing = try command.run("list", "--vault", "/no\u{1B}[2J")
    #expect(missing.status == 9 && !missing.errors.contains("\u{1B}"))
  }
}
