import ArgumentParser

/// The usage of the command that the parser refused to parse, and what that command is called.
struct UsageText {
  /// The lines from `usage:` on; nil if the error is none of a parsed command.
  let lines: String?
  /// Its words: `tokenvault token`.
  let command: String

  init(_ error: any Error) {
    let message = TokenVaultCommand.fullMessage(for: error)
    let match = message.firstMatch(
      of: /(?ms)^Usage: (.*?)\n  See '(.*?) --help' for more information\./)
    guard let match, match.output.2 != "tokenvault" else {
      (lines, command) = (nil, "tokenvault")
      return
    }
    (lines, command) = ("usage: \(match.output.1)", String(match.output.2))
  }

  /// The parser's message as a sentence of this command, with only harmless guesses, and with what a time looks like.
  static func sentence(_ message: String) -> String {
    let text = OptionSuggestion.onlyHarmless(message)
    let forms = message.hasSuffix(" <time>'") ? ": \(TimeSpan.forms)" : ""
    return text.prefix(1).lowercased() + text.dropFirst() + forms
  }
}
