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

  @Test(arguments: ["json", "csv"])
  func itReadsWhatTheCommandWrote(_ format: String) throws {
    let command = try CommandRunner()
    let (vault, key) = (command.file("v"), command.file("k"))
    let environment = ["TOKENVAULT_FILE": vault, "TOKENVAULT_KEY_FILE": key]
    try command.run("init", "--format", format, "--quiet", environment: environment)
    func read() throws -> CommandRunner.Result {
      try command.wait(command.start(Self.python, [Self.reader, vault, key]))
    }
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
    for index in [0, 20, 90, 150, 400, 450, 600, whole.count / 2, whole.count - 1] {
      var bytes = whole
      bytes[index] ^= 1
      try command.write(bytes, to: vault)
      let result = try read()
      #expect(
        result.status == 1 && result.errors.hasPrefix("rejected: "), "byte \(index): \(result)")
    }
  }
}
