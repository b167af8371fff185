import ArgumentParser

/// The usage of the command that the parser refused to parse, and what that command is called.
struct UsageText {
  /// The lines from `usage:` on; nil if the error is none of a parsed command.
  let lines: String?
  /// Its words: `tokenvault token`.
  let command: String

  init(_ error: any Error) {
    let match = Self.textBehindMessage(of: error).firstMatch(
      of: /(?ms)^Usage: (.*?)\n  See '(.*?) --help' for more information\./)
    guard let match, match.output.2 != "tokenvault" else {
      (lines, command) = (nil, "tokenvault")
      return
    }
    (lines, command) = ("usage: \(match.output.1)", String(match.output.2))
  }

  /// What the parser prints behind its message, in which a user's argument could look like a usage.
  private static func textBehindMessage(of error: any Error) -> String {
    // By bytes: to Swift, a message's last character and the line feed behind it may be one.
    let text = TokenVaultCommand.fullMessage(for: error).utf8
    let message = "Error: \(TokenVaultCommand.message(for: error))\n".utf8
    guard text.starts(with: message) else { return "" }
    return String(decoding: text.dropFirst(message.count), as: UTF8.self)
  }

  /// The parser's message as a sentence of this command, with only harmless guesses, and with what a time looks like.
  static func sentence(_ message: String) -> String {
    let text = OptionSuggestion.onlyHarmless(message).replacing("\n   or: ", with: ", or: ")
    let forms = message.hasSuffix(" <time>'") ? ": \(TimeSpan.forms)" : ""
    // A name in capitals begins the sentence as it is.
    let isName = text.dropFirst().first?.isUppercase == true
    return (isName ? text : text.prefix(1).lowercased() + text.dropFirst()) + forms
  }
}
