import ArgumentParser
import TokenVault

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take in records of another store, all or none.",
    discussion: """
      They match by user_name, grant_token, refresh_token or access_token, not by their ids; a new record \
      keeps its id where that is free. zoho-csv is the token file of the Zoho CRM SDKs.

      What would send the client secret or refresh token of a stored record to another server, and has not both of \
      them, is refused unless --move-endpoint says that it is wanted; --dry-run lists such records.
      """)

  @Argument(help: "The file with the records, or '-' for standard input.")
  var file: String

  @Option(help: "What the file is: auto, json, csv or zoho-csv.")
  var from = ImportFormat.auto

  @Flag(help: "Say what would change, and change nothing.")
  var dryRun = false

  @Flag(help: "Let the secrets of stored records go to another server.")
  var moveEndpoint = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let tokens = try RecordSource(path: file, session: options.session).read(as: from.format)
    if tokens.count > 10_000, StandardError.isTerminal {
      options.session.note("importing \(tokens.count) records …")
    }
    // Nothing to take in makes no vault either.
    let outcomes = try dryRun || tokens.isEmpty ? validateSave(tokens) : takeIn(tokens)
    // Those of a dry run are a part of its result.
    SaveNoticePrinter(session: options.session, hasMoves: !dryRun).print(outcomes)
    do { try report(outcomes) } catch let failure as Failure {
      throw dryRun ? failure : failure.afterSaving
    }
  }

  private func takeIn(_ tokens: [OAuthToken]) throws -> [SaveOutcome] {
    let vault = try options.session.openOrMakeVault {
      _ = try Vault.validateSave(tokens, SaveRules(ignoresIDs: true))
    }
    return try vault.importTokens(tokens, movingEndpoint: moveEndpoint)
  }

  /// Makes nothing, not even the vault that the real import would make.
  private func validateSave(_ tokens: [OAuthToken]) throws -> [SaveOutcome] {
    let (configuration, isStandardPath) = try options.session.configuration()
    do {
      return try Vault(configuration).importTokens(tokens, dryRun: true)
    } catch TokenVaultError.noVault(_, previous: nil) where isStandardPath {
      return try Vault.validateSave(tokens, SaveRules(ignoresIDs: true))
    }
  }

  private func report(_ outcomes: [SaveOutcome]) throws {
    func count(_ change: SaveOutcome.Change) -> Int {
      outcomes.count { $0.change == change }
    }
    let (inserted, updated, unchanged) = (count(.inserted), count(.updated), count(.unchanged))
    guard options.session.json else {
      let end = dryRun ? " (nothing was written)" : ""
      return try StandardOutput.write(
        "\(inserted) inserted, \(updated) updated, \(unchanged) unchanged\(end)\n"
          + moves(outcomes).map(line(of:)).joined())
    }
    var object = JSONObject()
    object.set("inserted", inserted)
    object.set("updated", updated)
    object.set("unchanged", unchanged)
    object.set("dry_run", dryRun)
    let moves = moves(outcomes).map(object(of:))
    if !moves.isEmpty {
      object.set("endpoint_moves", json: "[\(moves.joined(separator: ","))]")
    }
    try StandardOutput.write(object.text + "\n")
  }

  /// What an import without `--move-endpoint` refuses, for the result of a dry run.
  private func moves(_ outcomes: [SaveOutcome]) -> [EndpointMove] {
    guard dryRun else { return [] }
    return outcomes.flatMap(\.notices).compactMap { notice in
      if case .endpointMoved(let move) = notice { move } else { nil }
    }
  }

  private func line(of move: EndpointMove) -> String {
    let end = moveEndpoint ? "" : "; without --move-endpoint, the import is refused"
    let secrets = "the client secret and refresh token of the token '\(move.id)'"
    return DisplayText.oneLine("\(secrets) would go \(move)\(end)") + "\n"
  }

  private func object(of move: EndpointMove) -> String {
    var object = JSONObject()
    object.set("id", move.id)
    if let from = move.from { object.set("from", from) }
    object.set("to", move.to)
    return object.text
  }
}

/// What an import may be said to be.
enum ImportFormat: String, CaseIterable, ExpressibleByArgument {
  case auto, json, csv
  case zohoCSV = "zoho-csv"

  /// Nil to find out.
  var format: ExchangeFormat? {
    switch self {
    case .auto: nil
    case .json: .records(.json)
    case .csv: .records(.csv)
    case .zohoCSV: .zohoCSV
    }
  }
}
