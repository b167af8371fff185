import ArgumentParser
import TokenVault

struct ExportCommand: OutputOnlyCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write all records in plain text.",
    discussion: """
      A file is made with mode 0600, must not be there yet, and gets its name when it is whole. zoho-csv is \
      what the Zoho CRM SDK for Python reads; it has no column for some fields.
      """)

  @Option(help: "json, csv or zoho-csv.")
  var format = ExportFormat.json

  @Option(help: ArgumentHelp("The file; standard output where there is none.", valueName: "file"))
  var output: String?

  @Flag(help: "Yes, write the secrets where anyone who gets the file can use them.")
  var plaintext = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard plaintext else {
      throw ValidationError(
        "an export holds every secret in plain text: give --plaintext to say so")
    }
    if output == "" { throw ValidationError("--output must not be empty") }
  }

  func run() throws {
    let tokens = try options.session.openVault().allTokens()
    if format == .zohoCSV { try checkZoho(tokens) }
    if let output, output != "-" {
      try PlaintextFile.create(output, tokens, as: format.format)
    } else {
      try PlaintextFile.forEachPiece(of: tokens, as: format.format) { (piece) throws(Failure) in
        try StandardOutput.write(piece)
      }
    }
  }

  /// What the SDK could not read is an error, what it has no place for a warning.
  private func checkZoho(_ tokens: [OAuthToken]) throws {
    var lost: Set<String> = []
    for token in tokens {
      if let name = ZohoCSV.fieldsTooLong(of: token).first {
        throw Failure(
          .other,
          "'\(name)' of the token '\(token.id ?? "")' is longer than "
            + "\(ZohoCSV.valueSizeLimit) characters, and the SDK would not read the file")
      }
      lost.formUnion(ZohoCSV.fieldsLost(of: token))
    }
    if !lost.isEmpty {
      options.session.note(
        "warning: zoho-csv has no column for \(lost.sorted().joined(separator: ", ")); left out")
    }
  }
}

/// What an export can be.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  case json, csv
  case zohoCSV = "zoho-csv"

  var format: ExchangeFormat {
    switch self {
    case .json: .records(.json)
    case .csv: .records(.csv)
    case .zohoCSV: .zohoCSV
    }
  }
}
