import ArgumentParser
import TokenVault

struct SaveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Save records, and print their ids.",
    discussion: """
      Records are JSON: one object, an array, or objects one after another; the answer of a token endpoint \
      is one. Each updates the record it matches (by id, else user_name, grant_token, refresh_token, \
      access_token), or is new. All of them are saved or none.
      """,
    aliases: ["set"])

  @Argument(help: "A file with the records; standard input where there is none, or '-'.")
  var file: String?

  @Option(
    help: ArgumentHelp(
      "Save only if the stored record is at this revision; 0: only if there is none.",
      valueName: "n"))
  var ifRevision: Int?

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let tokens = try RecordSource(path: file, session: options.session).read(
      as: .records(.json))
    guard let first = tokens.first else { throw Failure(.other, "the input holds no record") }
    if ifRevision != nil, tokens.count > 1 {
      throw Failure.usage("--if-revision goes with one record, and there are \(tokens.count)")
    }
    let vault = try options.session.openOrMakeVault {
      _ = try Vault.rehearse(tokens, ifRevision: ifRevision)
    }
    let outcomes =
      tokens.count == 1
      ? [try vault.save(first, ifRevision: ifRevision)] : try vault.save(tokens)
    do { try print(outcomes) } catch let failure as Failure { throw failure.afterSaving }
  }

  private func print(_ outcomes: [SaveOutcome]) throws {
    guard options.session.json else {
      return try StandardOutput.write(outcomes.map { "\($0.token.id ?? "")\n" }.joined())
    }
    let objects = outcomes.map { outcome in
      var object = JSONObject()
      object.set("id", outcome.token.id ?? "")
      object.set("change", "\(outcome.change)")
      object.set("revision", outcome.token.revision)
      return object.text
    }
    try StandardOutput.write("[\(objects.joined(separator: ","))]\n")
  }
}
