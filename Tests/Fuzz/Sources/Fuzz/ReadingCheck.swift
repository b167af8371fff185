@testable import TokenRecords
@testable import TokenVault
@testable import VaultCrypto

/// What every way to read a vault must agree on: nothing is ever read that the vault did not have.
struct ReadingCheck {
  let vault: SeedVault
  /// The queries that are looked up; at most as many as records.
  var queries =
    ["1", "2", "20", "41", "44", "45", "46", "47", "99"].map { TokenQuery(id: $0) }
    + ["u1", "l42", "nobody"].map { TokenQuery(userName: $0) }

  init(_ vault: SeedVault) { self.vault = vault }

  /// What a reading of everything is compared with.
  enum Way: CaseIterable {
    case lookups, index, repair, all

    init(chosenBy byte: UInt8) { self = Self.allCases[Int(byte) % Self.allCases.count] }
  }

  /// Checks the file as it is.
  ///
  /// - Parameters:
  ///   - way: What is checked besides a reading of everything; one way takes a third of the time of all.
  ///   - seen: What the host remembers.
  ///   - mends: Whether a damaged header is mended, which takes as long as a hundred other checks.
  /// - Returns: The end of the log; nil if the file is refused.
  @discardableResult
  func run(_ way: Way, seen: SeenGeneration? = nil, mends: Bool = false) -> LogPosition? {
    let reader = try? VaultReader(FuzzedFile.vault)
    let full = reader.flatMap { try? $0.table(with: vault.key, seen: seen) }
    if let full { require(isState(full.table, full.log), "a full reading is a state of the vault") }
    if let reader {
      if way == .lookups || way == .all { checkLookups(reader, full?.log, seen) }
      if way == .index || way == .all { checkIndex(reader, full?.table, seen) }
    }
    if way == .repair || way == .all, reader != nil || mends { checkRepair(full?.table) }
    return full?.log
  }

  private func isState(_ table: TokenTable, _ log: LogPosition) -> Bool {
    let count = Int(log.chain.count)
    return vault.states.indices.contains(count) && Array(table.tokens) == vault.states[count].tokens
      && table.nextID == vault.states[count].nextID
  }

  /// One record is what the full reading has, or what the vault had.
  private func checkLookups(_ reader: VaultReader, _ full: LogPosition?, _ seen: SeenGeneration?) {
    guard var some = try? reader.records(with: vault.key, .start, seen: seen) else {
      return require(full == nil, "what is read as a whole is read lazily")
    }
    let count = some.position.chain.count
    if let full { require(full.chain.count == count, "both readings have the same log") }
    require(count < vault.states.count, "no more entries than were written")
    let state = vault.states[Int(count)]
    var table = TokenTable(tokens: CopyOnWriteBlocks(state.tokens), nextID: state.nextID)
    for query in queries {
      guard let match = try? some.records.find(query) else {
        require(full == nil, "what is read as a whole is found")
        continue
      }
      require(match.token == table.find(query), "a record is found as the vault has it")
    }
  }

  private func checkIndex(_ reader: VaultReader, _ full: TokenTable?, _ seen: SeenGeneration?) {
    let all = try? reader.records(with: vault.key, .recordsAndIndex, seen: seen).records.table
    require(all?.tokens == full?.tokens, "a check finds what a full reading finds")
  }

  /// A repair keeps records that the vault had; all of them if nothing is wrong.
  private func checkRepair(_ full: TokenTable?) {
    guard let reader = try? VaultReader(FuzzedFile.vault, mayBeDamaged: true),
      let salvage = try? VaultSalvage(reader, vault.key, seen: nil)
    else { return require(full == nil, "a sound vault can be repaired") }
    let saved = Array(salvage.table.tokens)
    for token in saved {
      let isKnown = vault.states.contains { $0.tokens.contains(token) }
      require(isKnown || salvage.snapshotLoss.areNamesLost, "a repair invents no record")
    }
    if let full {
      require(!salvage.isDamaged && saved == Array(full.tokens), "a repair takes what is sound")
    }
  }
}
