internal import VaultCrypto

/// One repair of a damaged vault, under the lock.
struct Repair {
  let access: VaultAccess
  let opened: VaultAccess.Opened
  let lock: WriterLock
  /// The limits to go on with if the vault's own are lost.
  let policy: RetentionPolicy?

  private var header: VaultHeader { opened.image.header }
  private var path: String { access.file.location.path }

  func run() throws(TokenVaultError) -> RepairReport {
    let salvage = try VaultSalvage(opened.image, opened.found.dataKey, seen: opened.seen())
    let report = try replace(salvage)
    if access.configuration.acceptsSlots {
      access.rememberSlots(accepting: header, opened.found)?.complete()
    }
    return report
  }

  private func replace(_ salvage: VaultSalvage) throws(TokenVaultError) -> RepairReport {
    let log = salvage.log
    let last = header.generation + UInt64(log.sound)
    guard salvage.isDamaged || log.unfinished > 0 else {
      return report(salvage, lost: 0, copy: nil, last)
    }
    let highest = try access.newestSeen(of: header.store, opened.found)?.number ?? 0
    let newest = max(highest, salvage.generation, last)
    // Of a log that is damaged, a summary alone may be lost, and no save.
    let lost = newest - last
    var table = salvage.settledTable(try limits(salvage), isWhole: lost == 0)
    try table.checkStorable(as: header.format)
    let rewrite = try Rewrite(
      access, under: lock, header,
      above: max(newest, last + lost, header.generation + log.highestNumber),
      target: .setAside)
    let written = try rewrite.run(table, opened.found.dataKey)
    return report(salvage, lost: Int(lost), copy: written.replaced, rewrite.header.generation)
  }

  private func limits(_ salvage: VaultSalvage) throws(TokenVaultError) -> RetentionPolicy {
    if let limits = salvage.policy ?? policy { return limits }
    throw .limitsLost(path: path, previous: access.previousPolicy(of: header.store))
  }

  private func report(
    _ salvage: VaultSalvage, lost: Int, copy: String?, _ generation: UInt64
  ) -> RepairReport {
    let loss = salvage.snapshotLoss
    return RepairReport(
      path: path, copy: copy, soundSaves: salvage.log.sound, lostSaves: lost,
      unfinishedBytes: salvage.log.unfinished, tokens: salvage.table.tokens.count,
      generation: generation, isSnapshotDamaged: loss.isDamaged,
      isIndexDamaged: salvage.isIndexDamaged,
      tokensFromSnapshot: salvage.origins.snapshot, snapshotChunks: loss.chunks,
      lostChunks: loss.lostChunks, lostBytes: loss.lostBytes,
      areLimitsLost: salvage.policy == nil, areNamesLost: loss.areNamesLost)
  }
}

extension VaultAccess {
  /// The limits of the previous snapshot, if it is there and opens.
  fileprivate func previousPolicy(of store: StoreID) -> RetentionPolicy? {
    guard let file = try? configuration.previous(of: file),
      let image = try? VaultReader(file), image.header.store == store,
      let found = try? VaultAccess(copy: file, like: self).findKey().1
    else { return nil }
    return (try? image.table(with: found.dataKey))?.table.policy
  }
}
