import ArgumentParser
import TokenVault

struct RefreshCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refresh",
    abstract: "Renew access tokens that are about to end, each exactly once.",
    discussion: """
      However many processes ask, one of them calls the server, and all get its answer. The record says how \
      (RFC 6749, section 6): token_endpoint, client_id, client_secret and perhaps \
      token_endpoint_auth_method; Zoho's servers are known by api_domain. With '-- CMD …', that program \
      refreshes instead: it gets the record as JSON on its standard input, and prints what a token endpoint \
      answers.

      A refresh token that the server has rejected is not sent again: the exit code is 11 until a new one is \
      saved; --force with one record tries it nevertheless. --all passes over such records, and over those \
      that lack what it takes, and names them. Times are written like 30s, 5m, 8h, 90d.
      """)

  @Argument(help: "The record's id.")
  var id: String?

  @OptionGroup var selection: RecordSelection

  @Flag(help: "Refresh all records.")
  var all = false

  @Flag(help: "Refresh even what lives long enough.")
  var force = false

  @Option(help: ArgumentHelp("How long a token must live not to be refreshed.", valueName: "time"))
  var minTtl = TimeSpan(seconds: 60)

  @OptionGroup var call: RefreshCallOptions

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The program that refreshes, and its arguments.", valueName: "cmd"))
  var program: [String] = []

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard [id != nil, selection.user != nil, all].count(where: \.self) == 1 else {
      throw ValidationError("give one of an id, --user and --all")
    }
    if id == "" { throw ValidationError("the id must not be empty") }
    if program.first == "" { throw ValidationError("the program after -- must not be empty") }
  }

  /// Refuses a command line that ends with `--`, which the parser takes away.
  func checkProgram(of arguments: [String]) throws {
    if program.isEmpty, arguments.last == "--" {
      throw ValidationError("there is no program after --")
    }
  }

  func run() throws {
    let session = options.session
    let refresher = try TokenRefresher(
      session, minimumLifetime: minTtl, isForced: force, timeout: call.limit, program: program)
    let printer = RefreshPrinter(session: session, minimumLifetime: minTtl)
    if all { return try RefreshOfAll(refresher, printer).run() }
    let query =
      id.map { TokenQuery(id: $0) }
      ?? TokenQuery(userName: selection.user ?? "", clientID: selection.client)
    do {
      let fresh = try refresher.keepFresh(query, triesRejected: force)
      printer.warn(of: fresh)
      try printer.print(fresh)
      if fresh.wasRefreshed, let failure = fresh.failure { throw failure }
    } catch let failure as Failure {
      throw failure  // Of the output.
    } catch {
      // What the query means may be what is unclear.
      let record = try? refresher.vault.findWithoutUse(query)
      try printer.printJSON(record, "failed", error)
      throw error
    }
  }
}

/// How a server or a program is called.
struct RefreshCallOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long a call that refreshes a token may take (default: 30s).", valueName: "time"))
  var timeout: TimeSpan?

  /// What was said, or the default.
  var limit: TimeSpan { timeout ?? TimeSpan(seconds: 30) }

  func validate() throws {
    guard (1...3600).contains(limit.seconds) else {
      throw ValidationError("--timeout must be from 1s to 60m")
    }
  }
}
