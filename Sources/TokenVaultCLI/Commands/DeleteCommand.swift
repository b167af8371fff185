import ArgumentParser
import TokenVault

struct DeleteCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete records, and the previous snapshot with them.",
    examples: ["tokenvault delete 7 8", "tokenvault delete --user ann", "tokenvault delete --all"],
    discussion: "If one of the ids is unknown, nothing is deleted.", aliases: ["rm"])

  @Argument(help: "The records' ids.", completion: StoredNames.ids)
  var ids: [String] = []

  @OptionGroup var selection: RecordSelection

  @Option(help: .init("Delete only if the record is at this revision.", "n"))
  var ifRevision: Int?

  @Flag(help: "Delete every record.")
  var all = false

  @Flag(help: "With --all: do not ask.")
  var yes = false

  @OptionGroup(title: "Global options") var options: GlobalOptions

  func validate() throws {
    try selection.requireOne(or: ids.first, or: all, named: "--all")
    if ifRevision != nil, all || ids.count > 1 {
      throw ValidationError("--if-revision goes with one record")
    }
  }

  func run() throws {
    let vault = try session.openVault()
    try session.print(DeletionReport(records: all ? deleteAll(vault) : delete(vault)))
  }

  private func delete(_ vault: Vault) throws -> [OAuthToken] {
    var records: [OAuthToken] = []
    if let user = selection.user { records = [try record(of: user, in: vault)] }
    for id in (ids + (selection.id.map { [$0] } ?? [])).uniqued {
      var record = try vault.findWithoutUse(TokenQuery(id: id)) ?? OAuthToken()
      record.id = id
      records.append(record)
    }
    try vault.deleteTokens(ids: records.compactMap(\.id), ifRevision: ifRevision)
    return records
  }

  /// The user's only record; a reader of tokens may get the oldest of several, but none of them is deleted by a guess.
  private func record(of user: String, in vault: Vault) throws -> OAuthToken {
    guard let record = try vault.findWithoutUse(selection.query(nil)) else {
      throw TokenVaultError.noMatch
    }
    let same = try vault.allTokens().filter {
      $0.userName == user && $0.clientID == record.clientID
    }
    if same.count > 1 {
      let ids = same.compactMap(\.id)
      throw Failure(
        .conflict, "\(ids.count) tokens of one client match, so give ids: \(ids.quotedList)")
    }
    return record
  }

  private func deleteAll(_ vault: Vault) throws -> [OAuthToken] {
    try confirm(vault.status().tokens)
    return try vault.deleteAllRecords()
  }

  private func confirm(_ count: Int) throws {
    if yes { return }
    guard StandardInput.isTerminal, !session.noInput else {
      throw Failure.usage("--all needs --yes if there is no terminal to ask on")
    }
    StandardError.write("tokenvault: delete all \(count) tokens? Type yes:")
    guard readLine() == "yes" else { throw Failure(.other, "nothing was deleted") }
  }
}

extension [String] {
  /// Each of the texts once, in their order.
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
