import Foundation
import Testing

/// The configuration of OpenSSL is read unless it changes nothing, so that a system's policy stays in force.
@Suite struct OpenSSLConfigurationFileTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.run("save", input: #"{"access_token":"1","refresh_token":"r"}"#)
  }

  /// Where Debian's OpenSSL has its configuration.
  static let path = "/usr/lib/ssl/openssl.cnf"

  static let canReplaceIt =
    MissingProcTests.canHideProc && FileManager.default.fileExists(atPath: path)

  /// Runs a line of shell on a system with this configuration.
  private func shell(_ line: String, configuration: String) throws -> CommandRunner.Result {
    try command.write(configuration, to: command.file("openssl.cnf"))
    let script = """
      mount --bind '\(command.file("openssl.cnf"))' \(Self.path) || exit 99
      unset OPENSSL_CONF
      COMMAND='\(CommandRunner.command)'; tokenvault() { "$COMMAND" "$@"; }
      cd '\(command.home)'
      \(line)
      """
    return try command.wait(
      command.start("/usr/bin/unshare", ["-rm", "/bin/bash", "-c", script]))
  }

  private static let harmless = "openssl_conf = start\n[start]\n# nothing\n"

  @Test(
    .enabled(if: canReplaceIt),
    arguments: [
      harmless + "providers = providers\n[providers]\nnull = null\n[null]\nactivate = 1\n",
      harmless + "alg_section = policy\n[policy]\ndefault_properties = fips=yes\n",
      "[policy]\ndefault_properties = provider=none\n[start]\nalg_section = policy\n"
        + "[default]\nopenssl_conf = start\n",
      // In the directory of the command.
      ".include included.cnf\n",
    ])
  func aPolicyOfTheSystemIsInForce(_ configuration: String) throws {
    try command.write(
      Self.harmless + "alg_section = policy\n[policy]\ndefault_properties = fips=yes\n",
      to: command.file("included.cnf"))
    for line in [
      "tokenvault token 1", "tokenvault --quiet token 1", "tokenvault find --id 1",
      #"echo '{"access_token":"2"}' | tokenvault save"#, "tokenvault token 1 --min-ttl 1s",
      "tokenvault refresh 1 -- echo", "tokenvault rotate",
    ] {
      let result = try shell(line, configuration: configuration)
      #expect(result.status == 1 && result.output.isEmpty, "\(line): \(result)")
      #expect(result.errors.hasPrefix("tokenvault: OpenSSL: "), "\(line): \(result)")
    }
  }

  /// How often the configuration is opened: OpenSSL opens it once more if it reads it.
  private func openings(by line: String) throws -> Int {
    let traced = "strace -f -e trace=openat -o log \"$COMMAND\" \(line)"
    let result = try shell(traced, configuration: Self.harmless)
    #expect(result.status == 0, "\(result)")
    return String(decoding: try command.bytes(command.file("log")), as: UTF8.self)
      .split(separator: "\n").count { $0.contains("openssl.cnf") }
  }

  @Test(.enabled(if: canReplaceIt))
  func aConfigurationThatChangesNothingIsNotRead() throws {
    #expect(try openings(by: "token 1") == 1)
    #expect(try openings(by: "find --id 1") == 1)
    #expect(try openings(by: "rotate") == 1)
  }
}
