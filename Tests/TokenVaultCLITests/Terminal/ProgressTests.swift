import Foundation
import Testing
import TokenVault

@testable import TokenVaultCLI

/// The progress bar: on a terminal, of what takes more than half a second.
@Suite struct ProgressTests {
  private func text(
    _ line: inout ProgressLine, _ done: Int64, _ milliseconds: Int64, width: Int = 80,
    _ work: VaultProgress.Work = .reading, from start: ContinuousClock.Instant
  ) -> String? {
    let progress = VaultProgress(work, done: done, of: work == .reading ? 100_000_000 : 10_000)
    return line.text(
      of: progress, at: start.advanced(by: .milliseconds(milliseconds)), in: width)
  }

  /// The command, each read of which takes a third of a second.
  private static let slow =
    "strace -qq -f -o /dev/null -e trace=pread64 -e inject=pread64:delay_enter=330000 \"$COMMAND\""

  /// Six megabytes of records.
  private static let records: String = {
    let filler = String(repeating: "x", count: 1000)
    return (1...6000).map { #"{"user_name":"u\#($0)","access_token":"\#(filler)"}"# }
      .joined(separator: "\n")
  }()

  private func largeVault() throws -> CommandRunner {
    let command = try CommandRunner()
    try command.run("init", "--quiet")
    try command.run("import", "--quiet", "-", input: Self.records)
    return command
  }

  @Test func nothingIsShownInTheFirstHalfSecondAndThenTenTimesASecond() throws {
    let start = ContinuousClock.now
    var line = ProgressLine()
    #expect(text(&line, 0, 0, from: start) == nil)
    #expect(text(&line, 20_000_000, 499, from: start) == nil)
    let first = try #require(text(&line, 25_000_000, 500, from: start))
    #expect(first.hasPrefix("reading  [###"), "\(first)")
    #expect(first.hasSuffix("-]  25%   25.0 of 100.0 MB  50.0 MB/s"), "\(first)")
    #expect(text(&line, 26_000_000, 599, from: start) == nil)
    #expect(text(&line, 50_000_000, 1000, from: start)?.contains("50%   50.0 of") == true)
    // The next work has a rate of its own.
    #expect(text(&line, 0, 2000, .writing, from: start)?.contains("0 of 10000 records") == true)
    let writing = try #require(text(&line, 5000, 2500, .writing, from: start))
    #expect(writing.hasSuffix("50%   5000 of 10000 records  10000 records/s"), "\(writing)")
  }

  @Test(arguments: [20, 40, 60, 80, 120, 200])
  func aBarIsNarrowerThanItsTerminal(_ width: Int) throws {
    let start = ContinuousClock.now
    for (done, work) in [(0, .reading), (100_000_000, .reading), (9999, .writing)]
      as [(Int64, VaultProgress.Work)]
    {
      var line = ProgressLine()
      _ = text(&line, 0, 0, width: width, work, from: start)
      let shown = try #require(text(&line, done, 700, width: width, work, from: start))
      #expect(DisplayText.width(shown) < width, "\(shown)")
    }
  }

  /// The bar is due at once here; a write would stop the process, or wait.
  @Test func aBarNeitherStopsACommandInTheBackgroundNorWaitsForAStoppedTerminal() throws {
    let command = try largeVault()
    let background = try command.onTerminal(
      columns: 80,
      "stty tostop; set -m; \(Self.slow) check > out & wait $!; echo ended $?; kill %1 2> /dev/null"
    )
    #expect(background.shown.contains("ended 0\r\n"), "\(background)")
    #expect(!background.shown.contains("reading"), "\(background)")
    func flow(_ action: String) -> String {
      "python3 -c 'import termios; termios.tcflow(1, termios.\(action))'"
    }
    let stopped = try command.onTerminal(
      columns: 80,
      "\(flow("TCOOFF")); \(Self.slow) check > out; code=$?; \(flow("TCOON")); echo ended $code")
    #expect(stopped.shown.contains("ended 0\r\n"), "\(stopped)")
    #expect(!stopped.shown.contains("reading"), "\(stopped)")
  }

  /// The pages of each megabyte that was read go back to the kernel, which takes a third of a second here.
  @Test func anImportShowsHowFarItHasReadItsInput() throws {
    let command = try CommandRunner()
    try command.write(Self.records, to: command.file("records"))
    let slow = Self.slow.replacing("pread64", with: "madvise")
    let shown = try command.onTerminal(columns: 80, "\(slow) import --dry-run records > out")
    #expect(shown.status == 0 && shown.shown.contains("\rreading  ["), "\(shown)")
    #expect(shown.shown.contains(" of 6.2 MB"), "\(shown)")
    let quiet = try command.onTerminal(
      columns: 80, "\(slow) import --dry-run --quiet records > out")
    #expect(quiet.status == 0 && !quiet.shown.contains("reading"), "\(quiet)")
  }

  /// Each read of a megabyte takes a third of a second here, so that the bar is due on any machine.
  @Test func aLongCheckShowsItsProgressOnATerminalAloneAndErasesIt() throws {
    let (command, slow) = (try largeVault(), Self.slow)
    let shown = try command.onTerminal(columns: 80, "\(slow) check")
    #expect(shown.status == 0 && shown.shown.contains("\rreading  ["), "\(shown)")
    let bar = try #require(shown.shown.firstRange(of: "\rreading  ["))
    let rest = shown.shown[bar.upperBound...]
    #expect(rest.contains(" MB/s\u{1B}[K") && rest.contains("\r\u{1B}[K'\(command.standardVault)'"))
    let quiet = try command.onTerminal(columns: 80, "\(slow) check --quiet")
    #expect(quiet.status == 0 && !quiet.shown.contains("reading"), "\(quiet)")
    let piped = try command.onTerminal(columns: 80, "\(slow) check 2> errors; cat errors")
    #expect(piped.status == 0 && !piped.shown.contains("reading"), "\(piped)")
  }
}
