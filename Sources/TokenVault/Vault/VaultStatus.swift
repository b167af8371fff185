internal import Synchronization

/// What there is to know about a vault.
public struct VaultStatus: Sendable {
  /// The file, symbolic links resolved.
  public let path: String
  /// How the records are written.
  public let format: RecordFormat
  /// How many there are.
  public let tokens: Int
  /// How often the vault has been written.
  public let generation: UInt64
  /// The file's size in bytes.
  public let size: Int64
  /// What the vault was opened with: `key file '/…'`, `passphrase`.
  public let keySource: String
  /// The file that this key is in; nil where it is in none.
  public let keyPath: String?
  /// The name of this key, which does not give it away; nil for what the kernel's keyring keeps.
  public let keyID: String?
  /// The name of the key that seals the records.
  public let dataKeyID: String
  /// When that was made: with the vault, or by its last rotation.
  public let dataKeyMade: Timestamp
  /// What ends a record.
  public let policy: RetentionPolicy
  /// The ways to open the vault.
  public let slots: [KeySlotStatus]
  /// The store's name for life.
  public let storeID: String
  /// The damaged vaults that a repair or a restore has set aside, until `Vault.discardDamaged(_:)`.
  public let damagedCopies: [String]
  /// Whether this host remembers generations and slots of the vault, so that another one in its place is noticed.
  public let isRemembered: Bool
  /// Who else could put another vault in this one's place, where ``VaultConfiguration/allowsSharedDirectory`` lets them.
  public let sharedDirectory: String?
}

extension Vault {
  /// What there is to know about the vault now.
  public func status() throws(TokenVaultError) -> VaultStatus { try read { Self.status(of: $0) } }

  /// The ways to open the vault now.
  public func slots() throws(TokenVaultError) -> [KeySlotStatus] { try status().slots }

  static func status(of state: VaultSession) -> VaultStatus {
    let (header, found) = (state.header, state.found)
    return VaultStatus(
      path: state.access.file.location.path, format: header.format,
      tokens: state.table.tokens.count, generation: state.generation,
      size: state.version.status.size, keySource: found.source, keyPath: found.file?.path,
      keyID: found.key?.id.text, dataKeyID: header.dataKeyID.text,
      dataKeyMade: header.dataKeyMade, policy: state.table.policy,
      slots: state.slotStatuses,
      storeID: header.store.text,
      damagedCopies: (try? state.access.file.damagedCopies()) ?? [],
      isRemembered: state.access.memory.isRemembering(header.store),
      sharedDirectory: state.access.sharedDirectory)
  }
}

extension VaultSession {
  /// The slots, compared with what this host remembers now.
  fileprivate var slotStatuses: [KeySlotStatus] {
    let remembered = (try? access.memory.slots(header.store)) ?? nil
    let others = (try? SlotComparison(header, found, remembered))?.others ?? []
    return header.slots.map { $0.status(found, isAccepted: !others.contains($0.name)) }
  }
}

extension KeySlot {
  fileprivate func status(_ found: UnlockedKey, isAccepted: Bool) -> KeySlotStatus {
    KeySlotStatus(
      name: name, kind: kind, added: added, rotated: renewed == added ? nil : renewed,
      keyID: keyID.text, isInUse: keyID == found.key?.id, isAccepted: isAccepted)
  }
}

extension Vault {
  /// What the clock of the host says, and what this vault, as it was last read, knows of it.
  package func time() -> VaultTime {
    let now = configuration.now()
    return state.withLock { $0.header.time(at: now) }
  }
}
