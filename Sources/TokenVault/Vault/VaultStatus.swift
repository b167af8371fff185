/// The state of a vault.
public struct VaultStatus: Sendable {
  /// The file, symbolic links resolved.
  public let path: String
  /// How the records are written.
  public let format: RecordFormat
  /// The number of records.
  public let tokens: Int
  /// How often the vault has been written.
  public let generation: UInt64
  /// The file's size in bytes.
  public let size: Int64
  /// What opened the vault: `key file '/…'`, `passphrase`.
  public let keySource: String
  /// The file that this key is in; nil if it is in none.
  public let keyPath: String?
  /// The name of this key, which does not reveal it; nil if the kernel's keyring has opened the vault.
  public let keyID: String?
  /// The name of the data-encryption key (DEK), which seals the records.
  public let dataKeyID: String
  /// When the DEK was made: with the vault, or by its last rotation.
  public let dataKeyMade: Timestamp
  /// The limits that end a record.
  public let policy: RetentionPolicy
  /// The ways to open the vault.
  public let slots: [KeySlotStatus]
  /// The store's name for life.
  public let storeID: String
  /// The damaged vaults that a repair or a restore has set aside, until `Vault.discardDamaged(_:)`.
  public let damagedCopies: [String]
  /// Whether this host remembers generations and slots of the vault, so that it notices a rollback or another vault.
  public let isRemembered: Bool
  /// The users who could replace this vault by another, if ``VaultConfiguration/allowsSharedDirectory`` lets them.
  public let sharedDirectory: String?
}

extension VaultStatus {
  init(_ session: VaultSession) {
    let (access, header, found) = (session.access, session.header, session.found)
    path = access.file.location.path
    format = header.format
    tokens = session.table.tokens.count
    generation = session.generation
    size = session.version.status.size
    keySource = found.source
    keyPath = found.file?.path
    keyID = found.key?.id.text
    dataKeyID = header.dataKeyID.text
    dataKeyMade = header.dataKeyMade
    policy = session.table.policy
    slots = session.slotStatuses
    storeID = header.store.text
    damagedCopies = (try? access.file.damagedCopies()) ?? []
    isRemembered = access.memory.isRemembering(header.store)
    sharedDirectory = try? access.configuration.sharedDirectory()
  }
}

extension VaultSession {
  /// The slots, compared with what this host remembers now.
  fileprivate var slotStatuses: [KeySlotStatus] {
    let remembered = (try? access.memory.slots(header.store)) ?? nil
    let others = (try? SlotComparison(header, found, remembered))?.others ?? []
    return header.slots.map { slot in
      KeySlotStatus(
        name: slot.name, kind: slot.kind, added: slot.added,
        rotated: slot.renewed == slot.added ? nil : slot.renewed, keyID: slot.keyID.text,
        isInUse: slot.keyID == found.key?.id, isAccepted: !others.contains(slot.name))
    }
  }
}
