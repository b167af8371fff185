/// One way to open a vault.
public struct KeySlotStatus: Sendable, Equatable {
  /// What it is called.
  public let name: String
  /// What opens it.
  public let kind: SlotKind
  /// When it was added.
  public let added: Timestamp
  /// When its key was last changed by a rotation; nil where that has not been.
  public let rotated: Timestamp?
  /// The name of its key, which does not give it away.
  public let keyID: String
  /// Whether the vault was opened by it.
  public let isInUse: Bool
  /// Whether this host has accepted it: false where it is new, or has another key than before, and no writer of this host
  /// has made it so.
  public let isAccepted: Bool
}
