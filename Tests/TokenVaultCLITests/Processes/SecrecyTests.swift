import Foundation
import Testing

/// Secrets of a run appear nowhere but in the plaintext that was asked for.
@Suite struct SecrecyTests {
  @Test func noFileArgumentOrMessageShowsASecretUserOrClient() throws {
    let command = try CommandRunner()
    let input =
      #"{"user_name":"user-XYZZY","client_id":"client-XYZZY","client_secret":"XYZZY1","refresh_token":"XYZZY2","access_token":"XYZZY3","grant_token":"XYZZY4","id_token":"XYZZY5","secret":"XYZZYa","own":"XYZZY6"}"#
    let log = command.file("strace.log")
    let trace = [
      "-f", "-s", "100000", "-e", "trace=execve,openat,write,pwrite64,writev", "-o", log,
    ]
    var messages = ""
    for (arguments, text, status) in [
      (["save"], input, 0), (["save"], input.replacing("XYZZY3", with: "XYZZY7"), 0),
      (["list"], "", 0), (["find", "--id", "1"], "", 0), (["status"], "", 0), (["check"], "", 0),
      (["convert", "--format", "csv"], "", 0),
      (["save"], #"{"access_token":"XYZZY8","refresh_token":[7]}"#, 1),
      (["save"], #"{"id":"1","user_name":"other","access_token":"XYZZY9"}"#, 7),
      (["save"], #"{"user_name":"n","own":"XYZZY0"}"#, 1), (["delete", "1"], "", 0),
    ] as [([String], String, Int32)] {
      let result = try command.wait(
        command.start("/usr/bin/strace", trace + [CommandRunner.command] + arguments, input: text))
      #expect(result.status == status, "\(arguments): \(result.errors)")
      messages += result.errors
      if arguments != ["list"] && arguments != ["find", "--id", "1"] {
        messages += result.output
      } else {
        messages += result.output.replacing(/(user|client)-XYZZY/, with: "")
      }
      let calls = String(decoding: try command.bytes(log), as: UTF8.self).split(separator: "\n")
      #expect(calls.contains { $0.contains("openat") } && calls.contains { $0.contains("execve") })
      // The input itself is in no call of these; what is shown on purpose goes to descriptor 1.
      for call in calls where !call.contains("write(1,") {
        #expect(!call.contains("XYZZY"), "\(call)")
      }
      for folder in ["data/tokenvault", "state/tokenvault/keys"] {
        for name in try FileManager.default.contentsOfDirectory(atPath: command.file(folder)) {
          let bytes = try command.bytes(command.file("\(folder)/\(name)"))
          #expect(!String(decoding: bytes, as: UTF8.self).contains("XYZZY"), "\(name)")
        }
      }
    }
    #expect(!messages.contains("XYZZY"))
  }
}
