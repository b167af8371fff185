import Foundation
import Testing
import TokenServerFixture
import TokenVault

/// Refreshes by programs.
@Suite struct RefreshProgramTests: RefreshingSuite {
  let served: ServedVault

  init() throws { served = try ServedVault() }

  @Test(arguments: [
    // Prints and hangs; leaves something behind that keeps its output open, which these tests wait for; ends badly.
    // The first takes as long as it may.
    ("cat > /dev/null; echo '{\"access_token\":\"new\",\"expires_in\":3600}'; sleep 100000", "10s"),
    ("echo '{\"access_token\":\"new\",\"expires_in\":3600}'; sleep 3 &", "10m"),
    ("echo '{\"access_token\":\"new\",\"expires_in\":3600}'; exit 7", "10m"),
    (
      "printf '{\"access_token\":\"new\",'; printf '\"expires_in\":3600}'; kill -9 $$", "10m"
    ),
  ])
  func whatAProgramPrintsCountsHoweverItEnds(_ script: String, _ timeout: String) throws {
    try save(["ann"], "/hang")
    let result = try command.run(
      "refresh", "--user", "ann", "--timeout", timeout, "--", "sh", "-c", script,
      environment: environment)
    #expect(result.status == 0 && result.errors == "", "\(result)")
    #expect(try record("ann", openVault()).accessToken == "new")
  }

  @Test func aProgramGetsTheRecordAndNotTheVaultsKey() throws {
    try save(["ann"], "/hang")
    let result = try command.shell(
      """
      tokenvault refresh --user ann --key-fd 7 --json -- sh -c 'cat > seen; cat <&7 2> closed' 7< key
      cat seen closed
      """)
    let record = result.output.split(separator: "\n").first {
      $0.contains("user_name") && $0.contains("ann.0")
    }
    #expect(record != nil, "\(result)")
    #expect(result.output.contains("7"), "descriptor 7 is closed")
    #expect(
      try !result.output.contains(
        String(decoding: command.bytes(command.file("key")), as: UTF8.self)))
  }
}
