import ArgumentParser
import Foundation
import Testing

@testable import TokenVaultCLI

/// The parser's guesses at what an unknown option was meant to be.
@Suite struct OptionSuggestionTests {
  /// What confirms, destroys, reveals or accepts; more may come, and are as little guessed at.
  static let harmful: Set = [
    "--yes", "--all", "--plaintext", "--force", "--reveal", "--accept-rollback", "--keep-key",
    "--expired", "--idle", "--older-than", "--max-age",
  ]

  private static func options(of type: any ParsableCommand.Type) -> Set<String> {
    Set(
      TokenVaultCommand.helpMessage(for: type).matches(of: /(?m)^  (?:-\w, )?(--[a-z-]+)/)
        .map { String($0.1) })
  }

  /// What a command needs, so that an unknown option is all that is wrong.
  private static let needs: [String: [String]] = [
    "find": ["--id", "1"], "token": ["1"], "refresh": ["1"], "delete": ["1"], "import": ["-"],
    "export": ["--plaintext"], "policy set": ["--idle", "90d"], "convert": ["--format", "csv"],
    "key remove": ["n"], "completion": ["bash"], "backup": ["copy"],
    "key add": ["--name", "n", "--key-file", "k"],
  ]

  /// What the command line is answered with.
  private func answer(_ words: [String]) -> String {
    do {
      _ = try TokenVaultCommand.parseAsRoot(words)
      return ""
    } catch {
      return Failure(error)?.sentence ?? ""
    }
  }

  private func guess(_ words: [String]) -> String? {
    answer(words).firstMatch(of: /Did you mean '([^']*)'/).map { String($0.1) }
  }

  /// How many letters have to be taken away, put in or changed (Levenshtein).
  private func distance(_ from: String, _ to: String) -> Int {
    let to = Array(to)
    var row = Array(0...to.count)
    for letter in from {
      var before = row[0]
      row[0] += 1
      for index in to.indices {
        let changed = before + (letter == to[index] ? 0 : 1)
        before = row[index + 1]
        row[index + 1] = min(changed, row[index] + 1, before + 1)
      }
    }
    return row[to.count]
  }

  private func typos(_ option: String) -> [String] {
    let letters = Array(option)
    let shorter = stride(from: 2, to: letters.count, by: 3).map { index in
      String(letters[..<index] + letters[(index + 1)...])
    }
    return shorter + [option + "s", "--\(String(option.dropFirst(2).reversed()))"]
  }

  /// A sample of 20 for each command, and all with TOKENVAULT_TEST_FULL=1.
  @Test func noGuessConfirmsDestroysRevealsOrAcceptsAnything() throws {
    let everywhere = Set(CommandRunner.commands.flatMap { Self.options(of: $0.type) })
    #expect(everywhere.count > 30)
    #expect(
      Self.harmful.isSubset(of: everywhere)
        && OptionSuggestion.harmless.isDisjoint(with: Self.harmful))
    for (words, type) in CommandRunner.commands {
      let own = Self.options(of: type)
      let harmful = own.intersection(Self.harmful)
      let line = words + Self.needs[words.joined(separator: " "), default: []]
      // The parser guesses at what is less than 4 letters away.
      let near = everywhere.filter { name in harmful.contains { distance(name, $0) < 6 } }
      let all = near.union(harmful.flatMap(typos)).subtracting(own).shuffled()
      for option in CommandRunner.isFullTest ? all[...] : all.prefix(20) {
        let answer = answer(line + [option])
        #expect(answer.hasPrefix("unknown option '\(option)'"), "\(line): \(answer)")
        for name in Self.harmful { #expect(!answer.contains(name + "'?"), "\(line): \(answer)") }
      }
    }
  }

  @Test func aGuessThatHarmsNothingIsStillMade() throws {
    #expect(guess(["list", "--jsn"]) == "--json")
    #expect(guess(["find", "--id", "1", "--usr"]) == "--user")
    #expect(guess(["delete", "1", "--yess"]) == nil)
    #expect(
      OptionSuggestion.onlyHarmless("Unknown option '--a'. Did you mean '--all'?\n   or: b")
        == "Unknown option '--a'\n   or: b")
  }

  @Test func yesIsSuggestedNowhere() throws {
    let command = try CommandRunner()
    for line in ["rm --yess", "rm 1 --ye", "rm --user ann --yse", "list --yes", "yes", "--yes"] {
      let result = try command.shell("tokenvault \(line)")
      #expect(result.status == 64 && !result.errors.contains("--yes'?"), "\(result)")
    }
  }
}
