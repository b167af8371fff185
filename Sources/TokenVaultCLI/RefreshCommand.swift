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

      A token that the server has rejected is not sent again: the exit code is 11 until a new refresh token \
      is saved. --all passes over such records, and over those that cannot be refreshed at all.
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

  func run() throws {
    let session = options.session
    let refresher = try TokenRefresher(
      session, minimumLifetime: minTtl, isForced: force, timeout: call.timeout, program: program)
    let printer = RefreshPrinter(session: session)
    if all {
      return try RefreshOfAll(refresher, printer, needsRefreshToken: program.isEmpty).run()
    }
    let query =
      id.map { TokenQuery(id: $0) }
      ?? TokenQuery(userName: selection.user ?? "", clientID: selection.client)
    let fresh = try refresher.keepFresh(query)
    printer.warn(of: fresh)
    try printer.print(fresh)
  }
}

/// How a server or a program is called.
struct RefreshCallOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("How long a call of the server, or of CMD, may take.", valueName: "time"))
  var timeout = TimeSpan(seconds: 30)

  func validate() throws {
    guard (1...3600).contains(timeout.seconds) else {
      throw ValidationError("--timeout must be from 1s to 60m")
    }
  }
}
