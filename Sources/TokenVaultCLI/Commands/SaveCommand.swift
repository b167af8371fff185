import ArgumentParser
import TokenVault

struct SaveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Save records, or the answer to a login, and print their ids.",
    discussion: """
      Records are JSON: one object, an array, or objects one after another. Each updates the record it matches \
      (by id, else user_name, grant_token, refresh_token, access_token), or is new. All of them are saved or none.

      With --user or --answer, the input is the answer of a token endpoint: its tokens, their type, scope and end are \
      taken, and nothing else. Whose they are and where they are refreshed is what the options say. --user makes the \
      record if it is not there; with --id, that id is its, so that a user can have several.

      A save that would send the client secret or refresh token of a stored record to another server, and has not both \
      of them, is refused unless --move-endpoint says that it is wanted.
      """,
    aliases: ["set"])

  @Argument(help: "A file with the input; standard input where there is none, or '-'.")
  var file: String?

  @OptionGroup var selection: RecordSelection

  @Option(help: "The id of the record that an answer is for.")
  var id: String?

  @Option(help: ArgumentHelp("Where the tokens of an answer are refreshed.", valueName: "url"))
  var tokenEndpoint: String?

  @Option(help: ArgumentHelp("The API that takes the token of an answer.", valueName: "url"))
  var apiDomain: String?

  @Flag(help: "The input is the answer of a token endpoint, for the record of --id or --user.")
  var answer = false

  @Flag(help: "Let the secrets of stored records go to another server.")
  var moveEndpoint = false

  @Option(
    help: ArgumentHelp(
      "Save only if the stored record is at this revision; 0: only if there is none.",
      valueName: "n"))
  var ifRevision: Int?

  @OptionGroup var options: GlobalOptions

  private var isAnswer: Bool { answer || selection.user != nil }

  func validate() throws {
    for (name, text) in [
      ("--id", id), ("--client", selection.client), ("--token-endpoint", tokenEndpoint),
      ("--api-domain", apiDomain),
    ] {
      if text == "" { throw ValidationError("\(name) must not be empty") }
      if text != nil, !isAnswer { throw ValidationError("\(name) goes with --user or --answer") }
    }
    if answer, id == nil, selection.user == nil {
      throw ValidationError("--answer goes with --id or --user")
    }
  }

  func run() throws {
    if isAnswer {
      try SavePrinter(session: options.session).print([saveAnswer()])
    } else {
      try records.run()
    }
  }

  var records: RecordsToSave {
    RecordsToSave(
      file: file, ifRevision: ifRevision, allowsMoves: moveEndpoint, session: options.session)
  }

  private func saveAnswer() throws -> SaveOutcome {
    let answer = try RecordSource(path: file, session: options.session).readAnswer()
    let record = answeredRecord
    let vault = try options.session.openOrMakeVault {
      try Vault.validateSave(answer: answer, for: record, ifRevision: ifRevision)
    }
    return try vault.save(
      answer: answer, for: record, ifRevision: ifRevision, movingEndpoint: moveEndpoint)
  }

  /// Whose tokens an answer has, and where they are refreshed.
  private var answeredRecord: OAuthToken {
    var record = OAuthToken()
    (record.id, record.userName, record.clientID) = (id, selection.user, selection.client)
    record.apiDomain = apiDomain
    record.tokenEndpoint = tokenEndpoint
    return record
  }
}
