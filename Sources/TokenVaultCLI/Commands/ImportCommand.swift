import ArgumentParser
import TokenVault

struct ImportCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Save the records of another store, all or none.",
    discussion: """
      They match by user_name, grant_token, refresh_token or access_token, not by their ids; a new record keeps its id \
      if that is free. zoho-csv is the token file of the Zoho CRM SDKs.

      It is refused without --move-endpoint if it would send the client secret or refresh token of a stored record to \
      another server, and does not hold both of them; --dry-run lists such records.
      """)

  @Argument(help: "The file with the records, or '-' for standard input.")
  var file: String

  @Option(help: "The format of the file.")
  var from = ImportFormat.auto

  @Flag(help: "Print what would change, and change nothing.")
  var dryRun = false

  @Flag(help: "Let the secrets of stored records go to another server.")
  var moveEndpoint = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let tokens = try RecordSource(path: file, session: session).read(as: from.format)
    if tokens.count > 10_000, StandardError.isTerminal {
      session.note("importing \(tokens.count) records …")
    }
    // No records create no vault.
    let outcomes = try dryRun || tokens.isEmpty ? validateImport(tokens) : save(tokens)
    // The report of a dry run has the moves.
    session.print(noticesOf: outcomes, withMoves: !dryRun)
    let report = ImportReport(outcomes: outcomes, isDryRun: dryRun, allowsMoves: moveEndpoint)
    try session.print(report) { dryRun ? $0 : $0.afterSaving }
  }

  private func save(_ tokens: [OAuthToken]) throws -> [SaveOutcome] {
    let vault = try session.openOrCreateVault {
      _ = try Vault.validateSave(tokens, SaveRules(ignoresIDs: true))
    }
    return try vault.importTokens(tokens, movingEndpoint: moveEndpoint)
  }

  /// Creates nothing, not even the vault that the import would create.
  private func validateImport(_ tokens: [OAuthToken]) throws -> [SaveOutcome] {
    let (configuration, isStandardPath) = try session.namedConfiguration()
    do {
      return try Vault(configuration).importTokens(tokens, dryRun: true)
    } catch TokenVaultError.noVault(_, previous: nil) where isStandardPath {
      return try Vault.validateSave(tokens, SaveRules(ignoresIDs: true))
    }
  }
}
