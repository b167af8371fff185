/// A key slot: one way to open a vault.
public struct KeySlotStatus: Sendable, Equatable {
  /// The name of the slot.
  public let name: String
  /// What kind of key opens it.
  public let kind: SlotKind
  /// When the slot was added.
  public let added: Timestamp
  /// When a rotation last changed its key; nil if none has.
  public let rotated: Timestamp?
  /// The name of its key, which does not reveal it.
  public let keyID: String
  /// Whether it has opened the vault.
  public let isInUse: Bool
  /// Whether this host has accepted it; false if it is new or has a new key, by no writer of this host.
  public let isAccepted: Bool
}
