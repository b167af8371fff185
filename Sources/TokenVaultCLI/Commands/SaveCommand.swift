import ArgumentParser
import TokenVault

struct SaveCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Save records, or the answer to a login, and print their ids.",
    examples: [
      "tokenvault save < login.json",
      "curl … | tokenvault save -u ann --token-endpoint https://…/token",
      "tokenvault save record.json --if-revision 3",
    ],
    discussion: """
      Records are JSON: one object, an array, or objects one after another. Each updates the record it matches (by id, \
      else user_name, grant_token, refresh_token, access_token), or is new. All of them are saved or none.

      With --user or --answer, the input is the answer of a token endpoint. The save takes its tokens, their type, scope \
      and expiry, and nothing else; the options say whose they are and where they are refreshed. --user creates the \
      record if there is none; with --id, the record gets that id, so that a user can have several.

      A save that would send the client secret or refresh token of a stored record to another server, and does not hold \
      both of them, is refused without --move-endpoint.
      """,
    aliases: ["set"])

  @Argument(help: "A file with the input; standard input by default, or '-'.", completion: .file())
  var file: String?

  @OptionGroup var selection: RecordSelection

  @Option(help: .init("Where the tokens of an answer are refreshed.", "url"))
  var tokenEndpoint: String?

  @Option(help: .init("The API that takes the token of an answer.", "url"))
  var apiDomain: String?

  @Flag(help: "The input is the answer of a token endpoint, for the record of --id or --user.")
  var answer = false

  @Flag(help: "Let the secrets of stored records go to another server.")
  var moveEndpoint = false

  @Option(help: .init("Only if the stored record is at this revision; 0: if there is none.", "n"))
  var ifRevision: Int?

  @OptionGroup(title: "Global options") var options: GlobalOptions

  private var isAnswer: Bool { answer || selection.user != nil }

  func validate() throws {
    let ofAnswers: KeyValuePairs = [
      "--id": selection.id, "--client": selection.client, "--token-endpoint": tokenEndpoint,
      "--api-domain": apiDomain,
    ]
    try refuseEmpty(ofAnswers)
    if !isAnswer, let (name, _) = ofAnswers.first(where: { $0.value != nil }) {
      throw ValidationError("\(name) goes with --user or --answer")
    }
    if answer, selection.id == nil, selection.user == nil {
      throw ValidationError("--answer goes with --id or --user")
    }
  }

  func run() throws {
    guard isAnswer else { return try records.run() }
    try SaveReport(outcomes: [saveAnswer()]).print(session)
  }

  var records: RecordsToSave {
    RecordsToSave(
      file: file, ifRevision: ifRevision, allowsMoves: moveEndpoint, session: session)
  }

  private func saveAnswer() throws -> SaveOutcome {
    let answer = try RecordSource(path: file, session: session).readAnswer()
    // The record whose tokens the answer has, and where they are refreshed.
    var record = OAuthToken()
    (record.id, record.userName, record.clientID) =
      (selection.id, selection.user, selection.client)
    (record.apiDomain, record.tokenEndpoint) = (apiDomain, tokenEndpoint)
    let vault = try session.openOrCreateVault(forOneRecord: true) { [record] in
      try Vault.validateSave(answer: answer, for: record, ifRevision: ifRevision)
    }
    return try vault.save(
      answer: answer, for: record, ifRevision: ifRevision, movingEndpoint: moveEndpoint)
  }
}
