import ArgumentParser
import TokenVault

struct ImportCommand: LongCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Save the records of another store, all or none.",
    examples: [
      "tokenvault import records.json --dry-run", "tokenvault import --from zoho-csv tokens.csv",
      "other-store export | tokenvault import -",
    ],
    discussion: """
      They match by user_name, grant_token, refresh_token or access_token, not by their ids; a new record keeps its id \
      if that is free. Each matches a record that was there before; two that mean the same one are refused. zoho-csv is \
      the token file of the Zoho CRM SDKs. The names behind it are programs whose own files are read; the documentation \
      says which.

      A lifetime such as expires_in counts from the record's own time of issue. Without one, the end of the access token \
      is unknown, and the token due. A record whose access token ends no later than the stored one's changes nothing \
      without --overwrite.

      It is refused without --move-endpoint if it would send the client secret or refresh token of a stored record to \
      another server, and does not hold both of them; --dry-run lists such records.
      """)

  @Argument(help: "The file with the records, or '-' for standard input.", completion: .file())
  var file: String

  @Option(help: "The format of the file, or the program that wrote it.")
  var from = ImportFormat.auto

  @OptionGroup var identity: RecordIdentity

  @Flag(name: [.customShort("n"), .long], help: "Print what would change, and change nothing.")
  var dryRun = false

  @Flag(help: "Replace access tokens that end as late as the given ones, or later.")
  var overwrite = false

  @Flag(help: "Let the secrets of stored records go to another server.")
  var moveEndpoint = false

  @OptionGroup(title: "Global options") var options: GlobalOptions

  private var rules: ImportRules {
    ImportRules(
      allowsMoves: moveEndpoint || dryRun, overwrites: overwrite, matchesIDs: identity.id != nil)
  }

  func run() throws {
    let source = RecordSource(path: file, session: session)
    var (tokens, areOfProgram) = try source.read(as: from)
    try identity.apply(to: &tokens)
    // Before the import, which lets go each record that it has merged.
    let notes = ImportNotes(tokens, from: source.path, areOfProgram: areOfProgram)
    // No records create no vault.
    let tally = try UnusableRecord.explaining(&tokens) { tokens in
      try tokens.isEmpty || dryRun ? validateImport(&tokens) : save(&tokens)
    }
    // The report of a dry run has the moves.
    session.print(noticesOf: tally.outcomes, withMoves: !dryRun)
    notes.ofRecords.forEach(session.note)
    try session.print(ImportReport(tally: tally, allowsMoves: moveEndpoint)) {
      dryRun ? $0 : $0.afterSaving
    }
    if !dryRun, tally.hasChanges { session.note(notes.ofPlaintext) }
  }

  private func save(_ tokens: inout [OAuthToken]) throws -> ImportTally {
    let vault = try session.openOrCreateVault { try Vault.validateImport(tokens) }
    var tally = ImportTally(isDryRun: false)
    try vault.importTokens(spending: &tokens, dryRun: false, rules) { tally.add($0) }
    return tally
  }

  /// Creates nothing, not even the vault that the import would create.
  private func validateImport(_ tokens: inout [OAuthToken]) throws -> ImportTally {
    var tally = ImportTally(isDryRun: dryRun)
    if let vault = try vaultIfThere() {
      try vault.importTokens(spending: &tokens, dryRun: true, rules) { tally.add($0) }
    } else {
      try Vault.validateImport(spending: &tokens, rules) { tally.add($0) }
    }
    return tally
  }

  /// The vault; nil if the import would create it.
  private func vaultIfThere() throws -> Vault? {
    let (configuration, isStandardPath) = try session.namedConfiguration()
    do { return try Vault(configuration) } catch TokenVaultError.noVault(_, previous: nil)
      where isStandardPath
    { return nil }
  }
}
