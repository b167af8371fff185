import Testing

@testable import TokenVaultCLI

/// The times that a person writes.
@Suite struct TimeSpanTests {
  @Test(arguments: [
    ("90s", 90), ("5m", 300), ("8h", 28_800), ("7d", 604_800), ("1h30m", 5400), ("1d12h", 129_600),
    ("1d2h3m4s", 93_784), ("0s", 0), ("1h0m", 3600),
  ])
  func aTimeIsASumOfUnitsTheLargestFirst(_ text: String, _ seconds: Int64) {
    #expect(TimeSpan(argument: text)?.seconds == seconds)
  }

  @Test(arguments: [
    "", "5", "m", "5x", "-5m", "30m1h", "5m5m", "1.5h", "5 m", "5M", "٥m", "1000001s",
    "99999999999999999999d", "5ms", "h5", "1h30",
  ])
  func whatIsNoTimeIsRefused(_ text: String) { #expect(TimeSpan(argument: text) == nil) }

  @Test func aWrongTimeIsToldHowTimesAreWritten() throws {
    let command = try CommandRunner.withToken()
    for line in [
      "token 1 --min-ttl 5x", "refresh 1 --timeout soon", "unlock --timeout 1",
      "list --expiring 1w",
      "policy set --idle ever", "purge --idle 1y", "status --max-key-age x",
      "list --lock-timeout x",
    ] {
      let result = try command.shell("tokenvault \(line)")
      #expect(result.status == 64, "\(result)")
      #expect(
        result.errors.contains("times are written like 90s, 5m, 1h30m or 7d\n"), "\(result)")
    }
    let variable = try command.run("status", environment: ["TOKENVAULT_MAX_KEY_AGE": "old"])
    #expect(variable.status == 64 && variable.errors.contains(TimeSpan.forms), "\(variable)")
    for wait in ["0", "2.5", "1h30m", "10s"] {
      #expect(try command.run("list", "--lock-timeout", wait).status == 0)
    }
  }
}
