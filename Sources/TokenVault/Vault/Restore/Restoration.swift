internal import VaultCrypto

/// One restore of a copy's records, under the vault's lock.
struct Restoration {
  let source: RestorableVault
  let current: CurrentVault
  let access: VaultAccess
  let lock: WriterLock
  /// Whether a person has named the key of the copy.
  let isKeyNamed: Bool
  let announce: ((RestoreReport) -> Void)?

  private var acceptsRollback: Bool { access.configuration.acceptsRollback }
  private var isSameStore: Bool { current.vault?.header.store == source.header.store }

  func run() throws(TokenVaultError) -> RestoreReport {
    try access.refuseOtherCopy(source.header, source.path, current: current.vault?.header.store)
    if !isKeyNamed, !acceptsRollback {
      try access.refuseUnprovenCopy(source.header, source.found, source.path)
    }
    var (header, found, table) = (source.header, source.found, source.table)
    if isSameStore, let vault = current.vault {
      (header, found) = (vault.header, vault.found)
      table = table.restored(over: vault.table, vault.policy ?? source.table.policy)
    }
    let seen = try access.newestSeen(of: header.store, found)
    let highest = max(
      seen?.number ?? 0, source.generation, current.vault?.generationLimit ?? 0)
    let rewrite = try Rewrite(access, under: lock, header, above: highest, target: current.target)
    var report = report(rewrite.header, tokens: table.tokens.count, seen?.number)
    try refuseIfOlder(report, seen)
    announce?(report)
    try table.checkStorable(as: header.format)
    report.replaced = try rewrite.run(table, found.dataKey).replaced
    access.memory.rememberPath(of: header.store)
    // If the copy has replaced the vault as a whole, the person has accepted its keys, too.
    if !isSameStore, isKeyNamed || acceptsRollback {
      access.rememberSlots(accepting: rewrite.header, found)?.complete()
    }
    return report
  }

  private func report(_ header: VaultHeader, tokens: Int, _ seen: UInt64?) -> RestoreReport {
    let newest = [seen, current.vault?.generation].compactMap(\.self).max()
    return RestoreReport(
      path: access.file.location.path, source: source.path,
      sourceGeneration: source.generation, generation: header.generation, tokens: tokens,
      madeAt: source.madeAt,
      seenGeneration: seen, behindGenerations: newest.map { $0 - min($0, source.generation) },
      behindTokens: current.vault?.table.tokensMissing(from: source.table))
  }

  private func refuseIfOlder(
    _ report: RestoreReport, _ seen: SeenGeneration?
  ) throws(TokenVaultError) {
    if acceptsRollback { return }
    if let seen, seen.isOtherVersion(than: source.seen) {
      throw .rolledBack(
        path: source.path, generation: source.generation, highest: seen.number)
    }
    var isRepairable = false
    if case .salvaged = current { isRepairable = report.behindTokens ?? 0 > 0 }
    guard isRepairable || report.behindGenerations ?? 0 > 1 else { return }
    throw .olderCopy(
      path: report.source, vault: report.path, madeAt: report.madeAt,
      generation: report.sourceGeneration, behindGenerations: report.behindGenerations,
      behindTokens: report.behindTokens, isRepairable: isRepairable)
  }
}
