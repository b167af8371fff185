import TokenVault

struct RecordSource {
  /// A path; nil or `-` for standard input.
  let path: String?
  let session: Session

  /// The records of a file, in the format or of the program that is named, and whether they are of a program.
  func read(as format: ImportFormat) throws -> (tokens: [OAuthToken], areOfProgram: Bool) {
    let input = try input()
    let (read, areOfProgram) = try records(of: input, as: format)
    try refuseRefusal(read.tokens) { $0.isRefusal && !$0.hasCredential && $0.revision == 0 }
    try check(read, input.name)
    return (read.tokens, areOfProgram)
  }

  /// The records to save, in JSON, and the positions of those that look like the answer of a token endpoint.
  func readToSave() throws -> (tokens: [OAuthToken], answers: Set<Int>) {
    let input = try input()
    let read = try input.readToSave()
    try refuseRefusal(read.tokens, \.isRefusal)
    try check(read, input.name)
    return (read.tokens, read.lifetimes)
  }

  /// Refuses what a token endpoint answers instead of tokens.
  private func refuseRefusal(_ tokens: [OAuthToken], _ isRefusal: (OAuthToken) -> Bool) throws {
    guard let index = tokens.firstIndex(where: isRefusal) else { return }
    throw Failure(
      .other, "record \(index + 1) has an 'error': it is the refusal of a token endpoint",
      hint: "to save a login, say whose it is: tokenvault save --user USER")
  }

  func readAnswer() throws -> RefreshAnswer {
    let input = try input()
    let answer = try input.readAnswer()
    try MaskedToken.refuse([answer.record])
    session.note(answer.doubt.map { "warning: \(input.name): \($0)" })
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

  /// Refuses masks, and tells what the reader has not understood; no value, which may be a token in the wrong place.
  private func check(_ read: ReadRecords, _ name: String) throws {
    try MaskedToken.refuse(read.tokens)
    let entries = read.remarks.entries.filter { $0.remark.name.isPlainName }
    for entry in entries.prefix(10) {
      session.note("warning: \(name), \(entry.place): \(entry.remark.sentence)")
    }
    let rest = read.remarks.entries.count - min(entries.count, 10)
    if rest > 0 { session.note("warning: and \(rest) more of these") }
  }
}

extension ReadingRemarks.Entry {
  /// The records that it is about.
  fileprivate var place: String {
    let numbers = records.map(String.init).joined(separator: ", ")
    let rest = count - records.count
    return "record\(count > 1 ? "s" : "") \(numbers)" + (rest > 0 ? " and \(rest) more" : "")
  }
}
