import ArgumentParser
import TokenVault

struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Bring the previous snapshot, or another copy, back.",
    discussion: """
      The copy is opened first, and it is told how old it is. Where it is more than one generation behind what was \
      seen of the vault, or lacks what `repair` saves of a damaged one, --accept-rollback has to be given. A vault \
      whose header is sound keeps its own keys, and only its records become the copy's; a missing one, or one that \
      is damaged beyond that, is replaced as a whole. What was there is the previous snapshot then, so that a second \
      restore undoes the first, or, damaged, <vault>.damaged.
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
    let session = options.session
    let report = try Vault.restore(
      try session.configuration().configuration, from: from, key: fromKeyFile.map { .file($0) },
      announce: StandardError.isTerminal ? { session.note("\($0.age) '\($0.path)'") } : nil)
    guard session.json else {
      let before = report.replaced.map { "; what was there is '\($0)'" } ?? ""
      return try StandardOutput.write(
        DisplayText.oneLine(
          "restored '\(report.path)': \(report.age); \(report.tokens) tokens, now generation "
            + "\(report.generation)\(before)") + "\n")
    }
    var object = JSONObject()
    object.set("path", report.path)
    object.set("source", report.source)
    object.set("source_generation", report.sourceGeneration)
    object.set("generation", report.generation)
    object.set("tokens", report.tokens)
    if let time = report.madeAt { object.set("made_at", time.description) }
    if let generation = report.seenGeneration { object.set("seen_generation", generation) }
    if let count = report.behindGenerations { object.set("behind_generations", count) }
    if let count = report.behindTokens { object.set("behind_tokens", count) }
    if let replaced = report.replaced { object.set("replaced", replaced) }
    try StandardOutput.write(object.text + "\n")
  }
}
