import Foundation
import Testing

/// Where random bytes come from.
@Suite struct RandomnessTests {
  /// An old kernel does not know the call (ENOSYS); an old filter of system calls does not (EPERM).
  @Test(arguments: ["ENOSYS", "EPERM"])
  func whereTheCallIsMissingTheDeviceIsReadOnceItIsInitialized(_ error: String) throws {
    let command = try CommandRunner()
    let log = command.file("strace.log")
    let made = try command.wait(
      command.start(
        "/usr/bin/strace",
        [
          "-f", "-e", "trace=getrandom,openat,poll", "-e", "inject=getrandom:error=\(error)",
          "-o", log, CommandRunner.command, "save",
        ], input: #"{"access_token":"XYZZY"}"#))
    #expect(made.status == 0, "\(made.errors)")
    #expect(try command.run("token", "1").output == "XYZZY\n")
    let calls = String(decoding: try command.bytes(log), as: UTF8.self).split(separator: "\n")
    let initialized = try #require(calls.firstIndex { $0.contains(#""/dev/random""#) })
    let after = calls[(initialized + 1)...]
    #expect(after.first?.contains("events=POLLIN") == true, "\(after.first ?? "")")
    #expect(after.dropFirst().first?.contains(#""/dev/urandom""#) == true)
  }

  /// No generator in the process is asked: each salt and each key is a call.
  @Test func everySaltIsACallOfItsOwn() throws {
    let command = try CommandRunner()
    let log = command.file("strace.log")
    #expect(try command.run("save", input: #"{"access_token":"1"}"#).status == 0)
    let saved = try command.wait(
      command.start(
        "/usr/bin/strace",
        ["-f", "-e", "trace=getrandom", "-o", log, CommandRunner.command, "save"],
        input: #"{"access_token":"2"}"#))
    #expect(saved.status == 0, "\(saved.errors)")
    let calls = String(decoding: try command.bytes(log), as: UTF8.self).split(separator: "\n")
    #expect(calls.contains { $0.hasSuffix("24, 0) = 24") }, "the snapshot's salt")
  }
}
