import ArgumentParser

struct TokenCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Print an access token and a newline, for scripts.",
    examples: [
      "tokenvault token --user ann", "tokenvault token 7 --min-ttl 5m",
      "t=$(tokenvault token -u ann --min-ttl 5m) && curl …",
    ],
    discussion: """
      With --min-ttl, a token that would expire sooner is refreshed first, exactly once however many processes ask; see \
      'tokenvault help refresh'. If the refresh fails and the token is still \
      valid, it is printed with a warning. A token with other characters than 0x20 to 0x7E (RFC 6749) is invalid, and \
      not printed.
      """)

  @Argument(help: "The record's id.", completion: StoredNames.ids)
  var id: String?

  @OptionGroup var selection: RecordSelection

  @Option(help: .init("How long the token must live.", "time"))
  var minTtl: TimeSpan?

  @OptionGroup var call: RefreshCallOptions

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws {
    try selection.requireOne(or: id)
    if call.timeout != nil, minTtl == nil { throw ValidationError("--timeout goes with --min-ttl") }
  }

  var request: TokenRequest {
    TokenRequest(
      id: id ?? selection.id, user: selection.user, client: selection.client,
      minimumLifetime: minTtl,
      timeout: call.limit, session: session)
  }

  func run() throws { try request.run() }
}
