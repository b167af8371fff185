import TokenVault

struct RecordSource {
  /// A path; nil or `-` for standard input.
  let path: String?
  let session: Session

  /// The records, in the given format; nil to detect it.
  func read(as format: ExchangeFormat?) throws -> [OAuthToken] {
    let input = try input()
    let tokens = try input.decode(as: format)
    try check(tokens, input.name)
    return tokens
  }

  /// The records to save, in JSON, and the positions of those that look like the answer of a token endpoint.
  func readToSave() throws -> (tokens: [OAuthToken], answers: Set<Int>) {
    let input = try input()
    let (tokens, answers) = try input.decodeMarkingAnswers()
    if let refusal = tokens.firstIndex(where: \.isRefusal) {
      throw Failure(
        .other, "record \(refusal + 1) has an 'error': it is the refusal of a token endpoint",
        hint: "to save a login, say whose it is: tokenvault save --user USER")
    }
    try check(tokens, input.name)
    return (tokens, answers)
  }

  func readAnswer() throws -> RefreshAnswer {
    let answer = try input().decodeAnswer()
    try MaskedToken.refuse([answer.record])
    return answer
  }

  private func input() throws -> RecordInput {
    if let first = path?.first(where: { !$0.isWhitespace }), first == "{" || first == "[" {
      // Not quoted: it is probably the record itself.
      throw Failure.usage(
        "records come on standard input or in a file, never as an argument, which others can see")
    }
    let source: RecordInput =
      path.map { $0 == "-" ? .standardInput : .file($0) } ?? .standardInput
    if source == .standardInput, StandardInput.isTerminal {
      if session.noInput {
        throw Failure.usage("standard input is a terminal, and --no-input forbids to read from it")
      }
      session.note("waiting for records on the terminal; end them with Ctrl-D")
    }
    return source
  }

  /// Refuses masks, and warns of expiries that cannot be read. These are kept; the warning does not repeat their text,
  /// which may be a token in the wrong column.
  private func check(_ tokens: [OAuthToken], _ name: String) throws {
    try MaskedToken.refuse(tokens)
    let records = tokens.indices.filter { index in
      if case .unreadable(let text) = tokens[index].expiresAt { !text.isEmpty } else { false }
    }
    for index in records.prefix(10) {
      session.note(
        "warning: \(name), record \(index + 1): its expiry is no time; kept as it stands")
    }
    if records.count > 10 { session.note("warning: and \(records.count - 10) more") }
  }
}
