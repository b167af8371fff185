internal import VaultCrypto

extension Vault {
  /// Goes on with what is sound in a vault whose end is damaged: the snapshot, and every save behind it that can still
  /// be read.
  ///
  /// The file as it was stays as `<vault>.damaged`. Where nothing is wrong, nothing is done. A vault whose snapshot is
  /// damaged cannot be repaired: that throws `damaged`, and `restore` may help.
  @discardableResult
  public static func repair(
    _ configuration: VaultConfiguration
  ) throws(TokenVaultError) -> RepairReport {
    let file = try configuration.file()
    let access = VaultAccess(file, configuration)
    // What is asked is asked before the lock is taken.
    _ = try access.findKey()
    let lock: WriterLock
    do { lock = try file.lock(timeout: configuration.lockTimeout) } catch {
      throw TokenVaultError(error)
    }
    defer { withExtendedLifetime(lock) {} }
    return try access.open(under: lock, generation: .isIgnored) {
      (opened) throws(TokenVaultError) in
      let report = try Repair(access: access, opened: opened, lock: lock).run()
      return (report, report.generation)
    }
  }
}

/// One repair, under the lock.
private struct Repair {
  let access: VaultAccess
  let opened: VaultAccess.Opened
  let lock: WriterLock

  private var header: VaultHeader { opened.image.header }
  private var path: String { access.file.location.path }

  func run() throws(TokenVaultError) -> RepairReport {
    let dataKey = opened.found.dataKey
    let (table, tail, bytes) = try opened.image.salvage(with: dataKey)
    var salvage = CommitSalvage(table, tail.chain, header.format, dataKey)
    do { try salvage.run(bytes.span) } catch { throw TokenVaultError(error) }
    let last = header.generation + UInt64(salvage.sound)
    guard salvage.isDamaged || salvage.unfinished > 0 else {
      return report(salvage, lost: 0, copy: nil, last)
    }
    var memory = opened.memory
    let highest: UInt64
    do { highest = try memory.highest() ?? 0 } catch { throw TokenVaultError(error) }
    let newest = max(highest, header.generation + salvage.chain.count, last)
    // What cannot be read at all was one save at least.
    let lost = max(newest - last, salvage.isDamaged ? 1 : 0)
    let generation = try replace(salvage.table, above: max(newest, last + lost))
    memory.remember(generation)
    return report(salvage, lost: Int(lost), copy: access.file.location.damaged, generation)
  }

  private func replace(
    _ table: TokenTable, above highest: UInt64
  ) throws(TokenVaultError) -> UInt64 {
    var header = header
    try header.countGeneration(above: highest)
    let new = try ImageWriter.write(
      table, header, opened.found.dataKey, to: access.file, under: lock)
    do throws(FileError) {
      try access.file.setAside()
      _ = try access.file.commit(new.file, previous: .leave)
    } catch {
      access.file.discardNew()
      throw TokenVaultError(error)
    }
    return header.generation
  }

  private func report(
    _ salvage: CommitSalvage, lost: Int, copy: String?, _ generation: UInt64
  ) -> RepairReport {
    RepairReport(
      path: path, copy: copy, soundSaves: salvage.sound, lostSaves: lost,
      unfinishedBytes: salvage.unfinished, tokens: salvage.table.tokens.count,
      generation: generation)
  }
}
