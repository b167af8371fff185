import ArgumentParser
import Testing

@testable import TokenVaultCLI

/// The plain command lines that are read without the argument parser.
@Suite struct PlainArgumentsTests {
  /// The two readers of the command line `save …` agree wherever the short one answers.
  @Test func thePlainReaderOfSaveReadsAsTheParserDoes() throws {
    let words = [
      "f", "a b", "-", "--", "--user", "--id", "--answer", "--move-endpoint", "--vault",
      "--key-file", "--json", "--quiet", "--no-input", "--if-revision", "5", "--vault=x", "",
    ]
    var lines: [[String]] = [[]]
    var plain: [[String]] = []
    for _ in 1...3 {
      plain += lines.filter { RecordsToSave(plainArguments: ["save"] + $0) != nil }
      lines = lines.flatMap { line in words.map { line + [$0] } }
    }
    #expect(plain.count > 20 && plain.contains([]))
    for line in plain.shuffled().prefix(100) {
      let parsed = try TokenVaultCommand.parseAsRoot(["save"] + line) as? SaveCommand
      #expect(parsed?.records == RecordsToSave(plainArguments: ["save"] + line), "\(line)")
    }
  }

  /// The two readers of the command line `token …` agree wherever the short one answers.
  @Test func thePlainReaderOfTokenReadsAsTheParserDoes() throws {
    let words = [
      "1", "a b", "-", "--", "--user", "--client", "--vault", "--key-file", "--json", "--quiet",
      "--no-input", "--lock-timeout", "5", "--user=x", "-q", "-u", "--id", "", "--help",
    ]
    var lines: [[String]] = [[]]
    var plain: [[String]] = []
    for _ in 1...3 {
      lines = lines.flatMap { line in words.map { line + [$0] } }
      plain += lines.filter { TokenRequest(plainArguments: ["token"] + $0) != nil }
    }
    #expect(plain.count > 150)
    // The parser takes its time in a debug build: some of them, others each time; all with the flag.
    for line in CommandRunner.isFullTest ? plain : Array(plain.shuffled().prefix(100)) {
      let parsed = try TokenVaultCommand.parseAsRoot(["token"] + line) as? TokenCommand
      #expect(parsed?.request == TokenRequest(plainArguments: ["token"] + line), "\(line)")
    }
  }
}
