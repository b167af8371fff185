import Foundation
import Testing

/// Fish tells a process without a terminal what it completes, but not where the cursor is: that is at the end here.
private let hasFish = FileManager.default.isExecutableFile(atPath: "/usr/bin/fish")

extension CompletionTests {
  /// What fish would offer for the last word of a line, without the descriptions.
  private func fish(_ line: String) throws -> [String] {
    let result = try command.shell(
      #"""
      PATH="$HOME/bin:$PATH"; unset -f tokenvault; tokenvault completion fish > script
      fish --no-config -c 'source script
      function __tokenvault_tokens; test "$argv" = -tC; and echo 0; or commandline -o $argv; end
      complete -C "tokenvault \#(line)"'
      """#)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
    #expect(!result.output.contains("S3CRET"))
    return result.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }.sorted()
  }

  @Test(.enabled(if: hasFish)) func fishCompletesCommandsValuesAndFiles() throws {
    try command.shell("mkdir paths && touch paths/records paths/reports")
    #expect(try fish("comp") == ["compact", "completion"])
    #expect(try fish("completion ") == ["bash", "fish", "zsh"])
    #expect(try fish("export --format c") == ["csv"])
    #expect(try fish("import paths/re") == ["paths/records", "paths/reports"])
    #expect(try fish("list --vault paths/re") == ["paths/records", "paths/reports"])
  }

  @Test(.enabled(if: hasFish)) func fishCompletesUsersAndIDsFromTheVault() throws {
    #expect(try fish("token --user an") == ["ann", "anton"])
    #expect(try fish("find -u b") == ["ben"])
    #expect(try fish("delete --id 2") == ["2"])
    #expect(try fish("key remove ") == ["default"])
  }

  @Test(.enabled(if: hasFish)) func fishRunsNoNameAndOffersNoneThatIsNotAWord() throws {
    try saveNames()
    // Fish offers ids there, too.
    let offered = try fish("token --vault n --key-file k --user ").filter { Int($0) == nil }
    expectNothingRan(offered)
    expectNothingRan(try fish("token --vault n --key-file k --user q"), [])
    expectNothingRan(try fish("token --vault n --key-file k --user z"), ["zoé"])
  }
}
