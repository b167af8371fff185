import Foundation
import Testing

/// Outputs, disks and directories that take nothing: an error each, and nothing changed.
@Suite struct FailedWriteTests: FailingCommandSuite {
  let command: CommandRunner

  init() throws { command = try Self.commandWithARecord() }

  @Test func outputsThatAreNone() throws {
    try expect(1, "no space left", "tokenvault list > /dev/full")
    try expect(1, "no space left", "tokenvault token 1 > /dev/full")
    try expect(1, "no space left", "tokenvault --help > /dev/full")
    try expect(1, "bad file descriptor", "tokenvault list >&-")
    try expect(7, "already exists", "tokenvault export --plaintext --output /dev/full")
    try expect(1, "no such file", "tokenvault export --plaintext --output no/where/x")
    try expect(1, "bad file descriptor", "tokenvault save <&-")
    try expect(
      1, "broken pipe",
      "{ tokenvault token 1; echo $? > rc; } | :; sleep 0; while [ ! -s rc ]; do :; done; exit $(cat rc)"
    )
  }

  /// The first file that is opened would take the number of a closed standard output.
  @Test func aClosedStandardOutputNeverWritesIntoTheVault() throws {
    for line in [
      "tokenvault token 1 >&-", "tokenvault token 1 >&- 2>&-", "tokenvault list <&- >&- 2>&-",
    ] {
      let before = try command.bytes(command.standardVault)
      #expect(try command.shell(line).status == 1)
      #expect(try command.bytes(command.standardVault) == before)
    }
    let save = try command.shell(
      #"echo '{"user_name":"b","access_token":"2"}' | tokenvault save >&-"#)
    #expect(save.status == 1)
    #expect(try command.run("check").status == 0)
  }

  /// The result could not be told, but a script must not do the work again.
  @Test func aSaveWhoseIDsCannotBePrintedSaysThatItIsSaved() throws {
    let result = try command.shell(
      #"echo '{"user_name":"b","access_token":"2"}' | tokenvault save > /dev/full"#)
    #expect(
      result.status == 1 && result.errors.contains("the records are saved, but standard output"))
    #expect(try command.run("token", "--user", "b").output == "2\n")
  }

  @Test func aFullDiskLosesNothing() throws {
    // A limit on the size of files stands in for a full disk: the write fails half-way.
    try expect(
      1, "file too large",
      "trap '' XFSZ; big=$(head -c 30000 /dev/zero | tr '\\0' x); ulimit -f 8; printf '{\"access_token\":\"%s\"}' \"$big\" | tokenvault save"
    )
    #expect(try command.run("token", "1").output == "keep-me\n")
  }

  @Test func aFileSizeLimitIsAnErrorAndNoSignal() throws {
    try expect(
      1, "file too large",
      "(ulimit -f 0; echo '{\"access_token\":\"2\"}' | tokenvault save) 2>&1 | cat >&2; exit ${PIPESTATUS[0]}"
    )
  }

  /// As another user, whom permissions bind; in CI we are root.
  @Test func aReadOnlyDirectoryIsAnErrorForWritersAndNoneForReaders() throws {
    try command.shell(
      "chmod 711 .; mkdir o; cp \"$(type -P tokenvault || echo '\(CommandRunner.command)')\" o/tv")
    let asNobody =
      getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : ""
    if getuid() == 0 { try command.shell("chown -R 65534:65534 o") }
    let make = try command.shell(
      "cd o; \(asNobody) ./tv init --quiet --vault v --key-file k; echo '{\"access_token\":\"1\"}' | \(asNobody) ./tv save --vault v --key-file k; chmod 555 ."
    )
    #expect(make.output == "1\n", "\(make)")
    let token = try command.shell("cd o; \(asNobody) ./tv token 1 --vault v --key-file k")
    #expect(token.output == "1\n", "\(token)")
    let save = try command.shell(
      "cd o; echo '{\"access_token\":\"2\"}' | \(asNobody) ./tv save --vault v --key-file k")
    #expect(save.status == 1 && save.errors.contains("permission denied"), "\(save)")
    #expect(
      try command.shell("cd o; \(asNobody) ./tv token 1 --vault v --key-file k").output == "1\n")
    try command.shell("chmod 755 o")
  }
}
