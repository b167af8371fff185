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

  /// The guess that the command line would be answered with.
  private func guess(_ words: [String]) -> String? {
    do {
      _ = try TokenVaultCommand.parseAsRoot(words)
      return nil
    } catch {
      guard let sentence = Failure(error)?.sentence else { return nil }
      return sentence.firstMatch(of: /Did you mean '([^']*)'/).map { String($0.1) }
    }
  }

  private func typos(_ option: String) -> [String] {
    let letters = Array(option)
    let shorter = letters.indices.dropFirst(2).map { index in
      String(letters[..<index] + letters[(index + 1)...])
    }
    return shorter + [option + "s", "--\(String(option.dropFirst(2).reversed()))"]
  }

  @Test func noGuessConfirmsDestroysRevealsOrAcceptsAnything() throws {
    let everywhere = Set(CommandRunner.commands.flatMap { Self.options(of: $0.type) })
    #expect(everywhere.count > 30)
    #expect(
      Self.harmful.isSubset(of: everywhere)
        && OptionSuggestion.harmless.isDisjoint(with: Self.harmful))
    for (words, type) in CommandRunner.commands {
      let own = Self.options(of: type)
      let near = own.intersection(Self.harmful).flatMap(typos)
      for option in everywhere.union(near).subtracting(own) {
        let guess = guess(words + [option, "x"])
        #expect(
          guess.map(OptionSuggestion.harmless.contains) ?? true,
          "\(words) \(option): \(guess ?? "")")
      }
    }
  }

  @Test func aGuessThatHarmsNothingIsStillMade() throws {
    #expect(guess(["list", "--jsn"]) == "--json")
    #expect(guess(["find", "--usr", "x"]) == "--user")
    #expect(guess(["delete", "--user", "x"]) == nil)
    #expect(
      OptionSuggestion.onlyHarmless("Unknown option '--a'. Did you mean '--all'?\n   or: b")
        == "Unknown option '--a'\n   or: b")
  }

  @Test func removingByUserIsRefusedWithoutAHintThatDeletes() throws {
    let command = try CommandRunner()
    let result = try command.run("rm", "--user", "ann")
    #expect(result.status == 64 && result.errors.contains("unknown option '--user'"), "\(result)")
    #expect(!result.errors.contains("--yes"), "\(result)")
  }
}
