/// What a rotation has changed, or would change.
public struct RotationReport: Sendable, Equatable {
  /// The vault.
  public let path: String
  /// The generation of the vault now.
  public let generation: UInt64
  /// The old and the new data-encryption key; a dry run makes no new one.
  public let oldDataKeyID: String
  public let newDataKeyID: String?
  /// The slot whose key was renewed; nil if its key was kept.
  public let slot: String?
  /// The kind of that slot.
  public let kind: SlotKind?
  /// What has opened the vault.
  public let source: String
  /// The slot's old and new key; nil if its key was kept. A dry run makes no new one.
  public let oldKeyID: String?
  public let newKeyID: String?
  /// The file that the new key is in.
  public let keyPath: String?
  /// The slots that kept their keys.
  public let rewrapped: [String]
  /// The slots that were removed, because this host had not accepted them.
  public let dropped: [String]
  /// How many records were sealed again.
  public let tokens: Int
}
