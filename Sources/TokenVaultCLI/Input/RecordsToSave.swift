import TokenVault

/// What the command `save` was asked for, if its input is records.
struct RecordsToSave: Equatable {
  /// The file with them; nil for standard input.
  var file: String?
  var ifRevision: Int?
  /// Whether the secrets of stored records may go to another server.
  var allowsMoves = false
  var session = Session()

  func run() throws { try SaveReport(outcomes: save()).print(session) }

  private func save() throws -> [SaveOutcome] {
    var (tokens, answers) = try RecordSource(path: file, session: session).readToSave()
    if tokens.isEmpty { throw Failure(.other, "the input holds no record") }
    if ifRevision != nil, tokens.count > 1 {
      throw Failure.usage("--if-revision goes with one record, and there are \(tokens.count)")
    }
    var rules = SaveRules(ifRevision: ifRevision, allowsMoves: allowsMoves)
    rules.answers = answers
    return try UnusableRecord.explaining(&tokens) { tokens in
      let vault = try session.openOrCreateVault(forOneRecord: true) {
        _ = try Vault.validateSave(tokens, rules)
      }
      return try vault.save(tokens, rules)
    }
  }
}

extension RecordsToSave {
  /// Reads a plain command line `save …`; nil for all others, which the argument parser reads.
  init?(plainArguments arguments: [String]) {
    guard let plain = PlainArguments(arguments, of: "save") else { return nil }
    (file, session) = (plain.other, plain.session)
  }
}
