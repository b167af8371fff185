import ArgumentParser
import TokenVault

struct ExportCommand: OutputOnlyCommand, LongCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write all records in plain text.",
    examples: [
      "tokenvault export --plaintext > records.json",
      "tokenvault export --plaintext --format csv -o records.csv",
    ],
    discussion: """
      A file is created with mode 0600, must not exist yet, and gets its name when it is whole. zoho-csv is what the \
      Zoho CRM SDK for Python reads; it has no column for some fields.
      """)

  @Option(help: "The format.")
  var format = ExchangeFormat.records(.json)

  @Option(
    name: .shortAndLong, help: .init("The file; standard output by default.", "file"),
    completion: .file())
  var output: String?

  @Flag(help: "Yes, write the secrets so that anyone who gets the file can use them.")
  var plaintext = false

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws {
    guard plaintext else {
      throw ValidationError(
        "an export holds every secret in plain text: give --plaintext to say so")
    }
    try refuseEmpty(["--output": output])
  }

  func run() throws {
    let vault = try session.openVault()
    let tokens = try vault.allTokens()
    if format == .zohoCSV { try checkZoho(tokens) }
    if let output, output != "-" {
      try vault.refuseOwnPath(output)
      try PlaintextFile.create(output, tokens, as: format, onProgress: session.progress)
    } else {
      try PlaintextFile.forEachPiece(of: tokens, as: format, onProgress: session.progress) {
        (piece) throws(Failure) in
        try StandardOutput.write(piece)
      }
    }
  }

  /// Refuses a value that the SDK could not read, and warns of fields that its format has no column for.
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
      session.note(
        "warning: zoho-csv has no column for \(lost.sorted().joined(separator: ", ")); left out")
    }
  }
}
