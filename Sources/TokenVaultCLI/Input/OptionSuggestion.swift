/// The argument parser's guess at an unknown option, by its spelling only.
///
/// `rm --user ann` is close to `rm --yes`. A user may follow a guess, so the command passes it on only for options that
/// name a vault, a key or a record, or that shape the output; never for one that confirms, deletes, reveals, accepts or
/// overwrites, nor for a new one that is not listed here.
enum OptionSuggestion {
  static let harmless: Set = [
    "--vault", "--key-file", "--key-fd", "--key-command", "--credential", "--passphrase-fd",
    "--recovery-fd", "--lock-timeout", "--json", "--no-input", "--quiet", "--help", "--version",
    "--id", "--user", "--client", "--match", "--name", "--format", "--min-ttl", "--timeout",
    "--if-revision", "--dry-run", "--max-key-age", "--output", "--from", "--token-endpoint",
    "--api-domain", "--expiring", "--answer", "--new-key-file", "--open-key-file",
    "--from-key-file", "--new-passphrase-fd",
  ]

  /// The parser's message without guesses that could do harm.
  static func onlyHarmless(_ message: String) -> String {
    let start = ". Did you mean '"
    var (rest, text) = (message[...], "")
    while let guess = rest.firstRange(of: start),
      let end = rest[guess.upperBound...].firstRange(of: "'?")
    {
      let isHarmless = harmless.contains(String(rest[guess.upperBound..<end.lowerBound]))
      text += rest[..<(isHarmless ? end.upperBound : guess.lowerBound)]
      rest = rest[end.upperBound...]
    }
    return text + rest
  }
}
