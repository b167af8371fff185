internal import VaultCrypto

/// A change that is being made to a vault, under its lock.
struct VaultWriter {
  private let base: VaultState
  var header: VaultHeader
  var table: TokenTable
  /// The state that was written, once it was.
  private(set) var committed: VaultState?

  var dataKey: DataKey { base.found.dataKey }
  var found: FoundKey { base.found }
  /// Whether the table has uses of records that are not on the disk.
  var hasPendingUses: Bool { !base.uses.isEmpty }

  init(base: VaultState) {
    (self.base, header, table) = (base, base.header, base.table)
  }

  /// Seals the records and puts them in the vault's place.
  mutating func commit(previous: VaultFile.Previous) throws(TokenVaultError) {
    guard header.dataKeyID == dataKey.id else {
      throw .keyChanged(path: base.access.file.location.path)
    }
    try header.countGeneration()
    let image = try Self.seal(table, header, dataKey)
    let version: VaultFile.Version
    do { version = try base.access.file.replace(with: image.span, previous: previous) } catch {
      throw TokenVaultError(error)
    }
    var state = base
    (state.version, state.header, state.table) = (version, header, table)
    state.memory.remember(header.generation)
    committed = state
  }

  /// Remembers the generation beside another key file that opens the vault, as far as that can be written.
  func remember(besides file: KeyFile) throws(TokenVaultError) {
    var memory = try base.access.memory(header.store, file)
    let highest = try? memory.highest()
    memory.remember(max(header.generation, highest ?? 0))
  }

  static func seal(
    _ table: TokenTable, _ header: VaultHeader, _ dataKey: DataKey
  ) throws(TokenVaultError) -> [UInt8] {
    var text = SnapshotContents.encode(table, as: header.format)
    defer { text.cleanse() }
    do { return try VaultImage.seal(text.span, header: header, dataKey: dataKey) } catch {
      throw TokenVaultError(error)
    }
  }
}

extension VaultHeader {
  /// Counts one more write.
  mutating func countGeneration(above highest: UInt64 = 0) throws(TokenVaultError) {
    let last = max(generation, highest)
    guard last < Self.generationLimit else { throw .countersExhausted }
    generation = last + 1
  }
}
