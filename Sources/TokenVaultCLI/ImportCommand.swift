import ArgumentParser
import TokenVault

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take in records of another store, all or none.",
    discussion: """
      They match by user_name, grant_token, refresh_token or access_token, not by their ids; a new record \
      keeps its id where that is free. zoho-csv is the token file of the Zoho CRM SDKs.
      """)

  @Argument(help: "The file with the records, or '-' for standard input.")
  var file: String

  @Option(help: "What the file is: auto, json, csv or zoho-csv.")
  var from = ImportFormat.auto

  @Flag(help: "Say what would change, and change nothing.")
  var dryRun = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let tokens = try RecordSource(path: file, session: options.session).read(as: from.format)
    if tokens.count > 10_000, StandardError.isTerminal {
      options.session.note("importing \(tokens.count) records …")
    }
    // Nothing to take in makes no vault either.
    let outcomes = try dryRun || tokens.isEmpty ? rehearse(tokens) : takeIn(tokens)
    do { try report(outcomes) } catch let failure as Failure {
      throw dryRun ? failure : failure.afterSaving
    }
  }

  private func takeIn(_ tokens: [OAuthToken]) throws -> [SaveOutcome] {
    let vault = try options.session.openOrMakeVault {
      _ = try Vault.rehearse(tokens, ignoringID: true)
    }
    return try vault.importTokens(tokens)
  }

  /// Makes nothing, not even the vault that the real import would make.
  private func rehearse(_ tokens: [OAuthToken]) throws -> [SaveOutcome] {
    let (configuration, isStandardPath) = try options.session.configuration()
    do {
      return try Vault(configuration).importTokens(tokens, dryRun: true)
    } catch TokenVaultError.noVault(_, previous: nil) where isStandardPath {
      return try Vault.rehearse(tokens, ignoringID: true)
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
        "\(inserted) inserted, \(updated) updated, \(unchanged) unchanged\(end)\n")
    }
    var object = JSONObject()
    object.set("inserted", inserted)
    object.set("updated", updated)
    object.set("unchanged", unchanged)
    object.set("dry_run", dryRun)
    try StandardOutput.write(object.text + "\n")
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
