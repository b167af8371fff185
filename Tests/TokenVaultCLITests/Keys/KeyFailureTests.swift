import Foundation
import Testing

/// What is not the key's fault is not told as a key that is missing or wrong.
@Suite struct KeyFailureTests {
  let command: CommandRunner

  init() throws {
    command = try CommandRunner()
    try command.run("init", "--quiet", "--key-file", command.file("key"))
    try command.run(
      "save", "--key-file", command.file("key"), input: #"{"user_name":"a","access_token":"1"}"#)
  }

  /// From none to spare on: the dynamic linker ends with 127 if it cannot load the program.
  @Test(arguments: ["--key-file key", "--key-command 'cat key'", "--key-fd 0 < key"])
  func tooFewDescriptorsAreNotAKeyThatDoesNotOpen(_ key: String) throws {
    var statuses: Set<Int32> = []
    for limit in 3...16 {
      let result = try command.shell("ulimit -n \(limit); tokenvault token 1 \(key)")
      statuses.insert(result.status)
      #expect([0, 1, 127].contains(result.status), "ulimit -n \(limit): \(result)")
      // The shell itself may fail to open the key.
      if result.errors.hasPrefix("tokenvault: ") {
        #expect(result.errors.contains("too many open files"), "\(result)")
        #expect(!result.errors.contains("--key-file"), "no hint at other keys: \(result)")
      }
    }
    #expect(statuses.contains(0) && statuses.contains(1), "\(statuses)")
  }

  /// OpenSSL with a configuration that leaves it nothing, as a strict one may leave too little.
  @Test(arguments: [
    "tokenvault token 1", "tokenvault list", "tokenvault check", "tokenvault rotate",
    #"echo '{"access_token":"2"}' | tokenvault save"#, "tokenvault init --vault other",
    "tokenvault init --vault other --recovery", "tokenvault delete 1",
    "tokenvault token 1 --passphrase-fd 3 3<<< word",
  ])
  func aRefusalOfOpenSSLPointsAtItsConfiguration(_ line: String) throws {
    let configuration = """
      openssl_conf = start
      [start]
      providers = providers
      [providers]
      null = null
      [null]
      activate = 1

      """
    try command.write(configuration, to: command.file("openssl.cnf"))
    let before = try command.bytes(command.standardVault)
    let isNamed = line.contains("-fd")
    let result = try command.shell(
      "export OPENSSL_CONF=openssl.cnf; \(line) \(isNamed ? "" : "--key-file key")")
    #expect(result.status == 1 && result.output.isEmpty, "\(result)")
    #expect(result.errors.hasPrefix("tokenvault: OpenSSL: "), "\(result)")
    #expect(
      result.errors.contains("\nhint: ") && result.errors.contains("OPENSSL_CONF"), "\(result)")
    #expect(try command.bytes(command.standardVault) == before)
    #expect(!FileManager.default.fileExists(atPath: command.file("other")))
  }
}
