import ArgumentParser
import TokenVault

struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Bring the previous snapshot, or another copy, back.",
    discussion: """
      The copy is opened first. A vault that opens keeps its own keys, and only its records become the \
      copy's; what was there is the previous snapshot then, so that a second restore undoes the first. A \
      missing or damaged vault is replaced as a whole.
      """)

  @Option(
    help: ArgumentHelp("A copy of the vault, instead of <vault>.previous.", valueName: "file"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "The key of the copy, if that is from before a rotation.", valueName: "path"))
  var fromKeyFile: String?

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if fromKeyFile == "" { throw ValidationError("--from-key-file must not be empty") }
    if from == "" { throw ValidationError("--from must not be empty") }
  }

  func run() throws {
    let report = try Vault.restore(
      try options.session.configuration().configuration, from: from,
      key: fromKeyFile.map { .file($0) })
    guard options.session.json else {
      let before = report.replaced.map { "; what was there is '\($0)'" } ?? ""
      return try StandardOutput.write(
        DisplayText.oneLine(
          "restored '\(report.path)' from '\(report.source)' of generation "
            + "\(report.sourceGeneration): \(report.tokens) tokens, now generation "
            + "\(report.generation)\(before)") + "\n")
    }
    var object = JSONObject()
    object.set("path", report.path)
    object.set("source", report.source)
    object.set("source_generation", report.sourceGeneration)
    object.set("generation", report.generation)
    object.set("tokens", report.tokens)
    if let replaced = report.replaced { object.set("replaced", replaced) }
    try StandardOutput.write(object.text + "\n")
  }
}
