import TokenVault

/// What the command `save` was asked for, if its input is records.
struct RecordsToSave: Equatable {
  /// The file with them; nil for standard input.
  var file: String?
  var ifRevision: Int?
  /// Whether the secrets of stored records may go to another server.
  var allowsMoves = false
  var session = Session()

  /// Saves them, and prints their ids.
  func run() throws { try SavePrinter(session: session).print(save()) }

  private func save() throws -> [SaveOutcome] {
    let (tokens, answers) = try RecordSource(path: file, session: session).readToSave()
    if tokens.isEmpty { throw Failure(.other, "the input holds no record") }
    if ifRevision != nil, tokens.count > 1 {
      throw Failure.usage("--if-revision goes with one record, and there are \(tokens.count)")
    }
    var rules = SaveRules(ifRevision: ifRevision, allowsMoves: allowsMoves)
    rules.answers = answers
    let vault = try session.openOrMakeVault { _ = try Vault.validateSave(tokens, rules) }
    return try vault.save(tokens, rules)
  }
}

extension RecordsToSave {
  /// Reads the plain forms of the command line `save …`; nil for all others, which the argument parser reads.
  ///
  /// As for `token`, the parser takes longer than the save, and the more options the command has, the longer. Whatever
  /// this reads, it must read as the parser does: a test holds them together.
  init?(plainArguments arguments: [String]) {
    guard arguments.first == "save" else { return nil }
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      switch session.take(plainOption: argument, &rest) {
      case .taken: continue
      case .refused: return nil
      case .other: break
      }
      guard file == nil, !argument.isEmpty, !argument.hasPrefix("-") else { return nil }
      file = argument
    }
  }
}
