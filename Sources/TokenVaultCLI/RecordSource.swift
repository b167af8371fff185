import TokenVault

/// Reads the records that a command was given.
struct RecordSource {
  /// A path; nil or `-` for standard input.
  let path: String?
  let session: Session

  /// The records, and what they turned out to be.
  func read(
    as format: ExchangeFormat?
  ) throws -> (tokens: [OAuthToken], format: ExchangeFormat) {
    let source: RecordInput.Source =
      path.map { $0 == "-" ? .standardInput : .file($0) } ?? .standardInput
    if source == .standardInput, StandardInput.isTerminal {
      if session.noInput {
        throw Failure.usage("standard input is a terminal, and --no-input forbids to read from it")
      }
      session.note("waiting for records on the terminal; end them with Ctrl-D")
    }
    let input = try RecordInput(source)
    let name = input.name
    let (tokens, found) = try input.decode(as: format, now: Clock.now)
    try MaskedToken.refuse(tokens)
    warn(tokens, name)
    return (tokens, found)
  }

  /// An expiry that cannot be read is kept, and told.
  private func warn(_ tokens: [OAuthToken], _ name: String) {
    for (index, token) in tokens.enumerated() {
      if case .unreadable(let text) = token.expiresAt, !text.isEmpty {
        session.note(
          "warning: \(name), record \(index + 1): the expiry '\(text)' is no time; kept as it stands"
        )
      }
    }
  }
}
