internal import VaultCrypto

extension Vault {
  /// Brings the records of the snapshot before, or of another copy of the vault, back; after opening it.
  ///
  /// Where the vault is there and opens, its keys and slots stay as they are: a key that was removed does not
  /// come back with an old copy. Where it is damaged or missing, the copy takes its place as a whole. Either
  /// way it is a new generation above every one that was seen, so open stores go on with it; what was there
  /// is kept, as the previous snapshot or, damaged, as `<vault>.damaged`.
  ///
  /// A copy from before a rotation opens with the key of then, which is `key`.
  ///
  /// Throws what opening the copy throws, and `damaged` where it is a copy of another vault; nothing is
  /// changed then.
  @discardableResult
  public static func restore(
    _ configuration: VaultConfiguration, from path: String? = nil, key: KeySource? = nil
  ) throws(TokenVaultError) -> RestoreReport {
    let file = try configuration.file()
    let access = VaultAccess(file, configuration)
    var copy = configuration
    copy.path = path ?? file.location.previous
    let place = try copy.file()
    copy.key = key ?? copy.key
    let source = key == nil ? VaultAccess(place, like: access) : VaultAccess(place, copy)
    // What is asked is asked before the lock is taken.
    do { _ = try source.findKey() } catch .noVault(let path, _) { throw .noCopy(path: path) }
    let lock: WriterLock
    do { lock = try file.lock(timeout: configuration.lockTimeout) } catch {
      throw TokenVaultError(error)
    }
    defer { withExtendedLifetime(lock) {} }
    return try Restoration(
      source: source.openedForRestoring(), current: access.currentForRestoring(under: lock),
      access: access, lock: lock
    ).run()
  }
}

/// A vault as a restore finds it.
private struct RestorableVault {
  let header: VaultHeader
  let generation: UInt64
  let found: FoundKey
  let table: TokenTable
  let path: String
}

/// What is in a vault's place when another's records are brought back.
private enum CurrentVault {
  case none, damaged
  case damagedEnd(RestorableVault)
  case open(RestorableVault)

  /// What can be read of it.
  var vault: RestorableVault? {
    switch self {
    case .none, .damaged: nil
    case .damagedEnd(let vault), .open(let vault): vault
    }
  }
}

extension VaultAccess {
  fileprivate func openedForRestoring(
    under lock: WriterLock? = nil
  ) throws(TokenVaultError) -> RestorableVault {
    try open(under: lock, generation: .isIgnored) { (opened) throws(TokenVaultError) in
      let (table, generation) = try opened.image.table(with: opened.found.dataKey)
      let vault = RestorableVault(
        header: opened.image.header, generation: generation, found: opened.found, table: table,
        path: file.location.path)
      return (vault, generation)
    }
  }

  fileprivate func currentForRestoring(
    under lock: WriterLock
  ) throws(TokenVaultError) -> CurrentVault {
    do {
      return .open(try openedForRestoring(under: lock))
    } catch .noVault {
      return .none
    } catch .damaged {
      return .damaged
    } catch .damagedCommit {
      return .damagedEnd(try salvagedForRestoring(under: lock))
    }
  }

  /// What is sound of a vault whose end is damaged: its keys are, and no commit that it may have had is newer than this.
  private func salvagedForRestoring(
    under lock: WriterLock
  ) throws(TokenVaultError) -> RestorableVault {
    try open(under: lock, generation: .isIgnored) { (opened) throws(TokenVaultError) in
      let (header, dataKey) = (opened.image.header, opened.found.dataKey)
      let (table, tail, bytes) = try opened.image.salvage(with: dataKey)
      var salvage = CommitSalvage(table, tail.chain, header.format, dataKey)
      do throws(CryptoError) { try salvage.run(bytes.span) } catch { throw TokenVaultError(error) }
      let generation = header.generation + UInt64(bytes.count / CommitFrame.size)
      let vault = RestorableVault(
        header: header, generation: generation, found: opened.found, table: salvage.table,
        path: file.location.path)
      return (vault, generation)
    }
  }
}

private struct Restoration {
  let source: RestorableVault
  let current: CurrentVault
  let access: VaultAccess
  let lock: WriterLock

  func run() throws(TokenVaultError) -> RestoreReport {
    var (header, found, table) = (source.header, source.found, source.table)
    if let vault = current.vault {
      guard vault.header.store == header.store else {
        throw .damaged(path: source.path, place: "it is a copy of another vault")
      }
      (header, found) = (vault.header, vault.found)
      table = table.restored(over: vault.table)
    }
    var memory = try access.memory(header.store, found.file)
    let highest: UInt64
    do { highest = try memory.highest() ?? 0 } catch { throw TokenVaultError(error) }
    try header.countGeneration(
      above: max(highest, source.generation, current.vault?.generation ?? 0))
    let all = table.tokens.map { SaveOutcome(change: .updated, token: $0) }
    try table.checkStorable(all, as: header.format)
    try replace(
      with: ImageWriter.write(table, header, found.dataKey, to: access.file, under: lock).file)
    memory.remember(header.generation)
    return RestoreReport(
      path: access.file.location.path, source: source.path,
      sourceGeneration: source.generation, generation: header.generation,
      tokens: table.tokens.count, replaced: replaced)
  }

  private func replace(with new: OpenFile) throws(TokenVaultError) {
    do throws(FileError) {
      var previous = VaultFile.Previous.leave
      switch current {
      case .none: break
      case .damaged, .damagedEnd: try access.file.setAside()
      case .open: previous = .keep
      }
      _ = try access.file.commit(new, previous: previous)
    } catch {
      access.file.discardNew()
      throw TokenVaultError(error)
    }
  }

  private var replaced: String? {
    switch current {
    case .none: nil
    case .damaged, .damagedEnd: access.file.location.damaged
    case .open: access.file.location.previous
    }
  }
}

extension TokenTable {
  /// These records in the place of newer ones: ids go on from where they were, and a record that changes by
  /// it has a revision above both, so that nobody takes it for the one that he has read.
  fileprivate func restored(over newer: TokenTable) -> TokenTable {
    var newer = newer
    let tokens = tokens.map { token -> OAuthToken in
      guard let id = token.id, let other = newer.find(TokenQuery(id: id)),
        other.revision != token.revision || !other.hasSameContent(as: token)
      else { return token }
      var token = token
      token.revision = min(
        max(token.revision, other.revision) + 1, Int(TokenTable.counterLimit))
      return token
    }
    var restored = TokenTable(
      tokens: PersistentArray(tokens), nextID: max(nextID, newer.nextID), policy: newer.policy)
    restored.requireRewrite()
    return restored
  }
}
