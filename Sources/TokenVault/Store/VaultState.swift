/// A vault as it was last read: its records, and what is needed to read and write them again.
struct VaultState: Sendable {
  var access: VaultAccess
  var version: VaultFile.Version
  var header: VaultHeader
  var found: FoundKey
  var memory: GenerationMemory
  var table: TokenTable
  /// Uses of records that are in the table, and not yet on the disk.
  var uses = PendingUses()

  /// Reads and opens the vault, and finds its key.
  static func load(_ access: VaultAccess) throws(TokenVaultError) -> VaultState {
    try load(access, nil, holdsLock: false)
  }

  private static func load(
    _ access: VaultAccess, _ known: VaultAccess.Known?, holdsLock: Bool
  ) throws(TokenVaultError) -> VaultState {
    try access.open(known, holdsLock: holdsLock) { (opened) throws(TokenVaultError) in
      VaultState(
        access: access, version: opened.image.version, header: opened.image.header,
        found: opened.found, memory: opened.memory,
        table: try opened.image.table(with: opened.found.dataKey))
    }
  }

  /// What opening the vault again can rest on.
  var known: VaultAccess.Known {
    VaultAccess.Known(store: header.store, generation: header.generation, found: found)
  }

  /// Reads the vault again where its file is no longer the one that was read.
  mutating func refresh(holdsLock: Bool = false) throws(TokenVaultError) {
    do {
      if try access.file.isCurrent(version) { return }
    } catch {
      throw TokenVaultError(error)
    }
    become(try Self.load(access, known, holdsLock: holdsLock))
  }

  /// Reads the vault again, with a key that may be newer than the one it was opened with.
  mutating func reload(
    _ access: VaultAccess, with found: FoundKey
  ) throws(TokenVaultError) {
    let known = VaultAccess.Known(
      store: header.store, generation: header.generation, found: found)
    become(try Self.load(access, known, holdsLock: false))
  }

  /// Goes on with what was read anew; what is not yet written stays so.
  private mutating func become(_ new: VaultState) {
    let pending = uses
    self = new
    uses = pending
    uses.lay(over: &table)
  }

  /// Takes over what a writer has committed; a key that was given meanwhile stays.
  mutating func advance(to committed: VaultState) {
    (version, header, table) = (committed.version, committed.header, committed.table)
    uses.remove(committed.uses)
    uses.lay(over: &table)
    if found.dataKey.id != header.dataKeyID {
      (access, found, memory) = (committed.access, committed.found, committed.memory)
    }
  }

  /// Opens it with another key from now on, which must open what is there.
  mutating func change(to access: VaultAccess) throws(TokenVaultError) {
    let state = try Self.load(access)
    guard state.header.store == header.store else {
      throw .damaged(
        path: access.file.location.path, place: "another vault has taken its place")
    }
    become(state)
  }
}
