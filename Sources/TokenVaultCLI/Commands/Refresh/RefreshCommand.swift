import ArgumentParser
import TokenVault

struct RefreshCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "refresh",
    abstract: "Refresh access tokens that are about to expire, each exactly once.",
    examples: [
      "tokenvault refresh --user ann", "tokenvault refresh 7 --force",
      "tokenvault refresh --all --min-ttl 1h30m", "tokenvault refresh 7 -- ./my-refresh",
    ],
    discussion: """
      However many processes ask, one of them calls the server, and all get its answer. The record says how \
      (RFC 6749, section 6): token_endpoint, client_id, client_secret and perhaps token_endpoint_auth_method; Zoho's \
      servers are known by api_domain. With '-- CMD …', that program refreshes instead: it reads the record as JSON from \
      its standard input, and prints what a token endpoint answers.

      A refresh token that the server has rejected is not sent again: the exit code is 11 until a new one is saved; \
      --force with one record sends it nevertheless. --all skips such records, and those that cannot be refreshed, and \
      names them.
      """)

  @Argument(help: "The record's id.", completion: StoredNames.ids)
  var id: String?

  @OptionGroup var selection: RecordSelection

  @Flag(help: "Refresh all records.")
  var all = false

  @Flag(help: "Refresh even tokens that live long enough.")
  var force = false

  @Option(help: .init("How long a token must live not to be refreshed.", "time"))
  var minTtl = TimeSpan(seconds: 60)

  @OptionGroup var call: RefreshCallOptions

  @Argument(
    parsing: .postTerminator,
    help: .init("The program that refreshes, and its arguments.", "cmd"))
  var program: [String] = []

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws {
    try selection.requireOne(or: id, or: all, named: "--all")
    try refuseEmpty(["the program after --": program.first])
  }

  /// Refuses a command line that ends with `--`, which the parser takes away.
  func checkProgram(of arguments: [String]) throws {
    if program.isEmpty, arguments.last == "--" {
      throw ValidationError("there is no program after --")
    }
  }

  func run() throws {
    let refresher = try TokenRefresher(
      session, minimumLifetime: minTtl, isForced: force, timeout: call.limit, program: program)
    if all { return try RefreshOfAll(refresher, session).run() }
    let query = selection.query(id)
    let fresh: FreshToken
    do { fresh = try refresher.keepFresh(query, triesRejected: force) } catch {
      return try fail(error, query, refresher.vault)
    }
    RefreshReport.warn(fresh, minTtl, session)
    try session.print(RefreshReport(fresh))
    if fresh.wasRefreshed, let failure = fresh.failure {
      try fail(failure, query, refresher.vault)
    }
  }

  private func fail(_ error: any Error, _ query: TokenQuery, _ vault: Vault) throws {
    // Nil if the query is what fails, because several clients match.
    let record = try? vault.findWithoutUse(query)
    try session.print(RefreshReport(record, "failed", error))
    throw error
  }
}
