internal import VaultCrypto

/// A vault or a copy as a restore finds it.
struct RestorableVault {
  let header: VaultHeader
  /// Its generation as it was read.
  let seen: SeenGeneration
  /// The highest generation that it can have had, with log entries that cannot be read.
  let generationLimit: UInt64
  var generation: UInt64 { seen.number }
  let found: UnlockedKey
  let table: TokenTable
  let policy: RetentionPolicy?
  let path: String
  /// When its file was last written; nil if that is no time.
  let madeAt: Timestamp?

  init(
    _ opened: VaultAccess.Opened, _ table: TokenTable, _ policy: RetentionPolicy?,
    seen: SeenGeneration, generationLimit: UInt64
  ) {
    (header, found) = (opened.image.header, opened.found)
    (self.table, self.policy) = (table, policy)
    (self.seen, self.generationLimit) = (seen, generationLimit)
    path = opened.image.path
    madeAt = Timestamp(
      millisecondsSince1970: opened.image.version.status.modified / 1_000_000)
  }
}

extension VaultAccess {
  /// Opens a copy, or with `lock` the vault itself.
  func openedForRestoring(
    under lock: WriterLock? = nil
  ) throws(TokenVaultError) -> RestorableVault {
    // The keys of the vault that is there stay, so it must prove them; a copy need not.
    let check = lock == nil ? GenerationCheck.isIgnored : .isSuperseded
    return try open(under: lock, generation: check) { (opened) throws(TokenVaultError) in
      let (table, log) = try opened.image.table(with: opened.found.dataKey)
      let header = opened.image.header
      let vault = RestorableVault(
        opened, table, table.policy, seen: header.generation(at: log),
        generationLimit: header.generation + log.highestNumber)
      return (vault, vault.seen)
    }
  }

  func currentForRestoring(
    under lock: WriterLock
  ) throws(TokenVaultError) -> CurrentVault {
    // Also locks an inode that cannot be opened as a vault: another writer may replace it by a sound one.
    try TokenVaultError.wrap(file: file.holdWhatIsThere(by: lock))
    do {
      return .open(try openedForRestoring(under: lock))
    } catch .noVault {
      return .none
    } catch .damaged, .damagedLogEntry {
      do { return .salvaged(try salvagedForRestoring(under: lock)) } catch .damaged, .irreparable,
        .keyUnavailable
      {
        return .damaged
      }
    }
  }

  private func salvagedForRestoring(
    under lock: WriterLock
  ) throws(TokenVaultError) -> RestorableVault {
    try open(under: lock, mayBeDamaged: true, generation: .isSuperseded) {
      (opened) throws(TokenVaultError) in
      let salvage = try VaultSalvage(opened.image, opened.found.dataKey, seen: opened.seen())
      let vault = RestorableVault(
        opened, salvage.settledTable(RetentionPolicy(), isWhole: false), salvage.policy,
        seen: SeenGeneration(salvage.generation, tag: nil),
        generationLimit: salvage.generation + LogFrame.numberLimit)
      return (vault, vault.seen)
    }
  }
}
