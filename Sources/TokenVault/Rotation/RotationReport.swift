/// What a rotation has changed, or would change.
public struct RotationReport: Sendable, Equatable {
  /// The vault.
  public let path: String
  /// How often it has been written now.
  public let generation: UInt64
  /// The key that sealed the records, and the one that seals them now; nil for what a dry run does not make.
  public let oldDataKeyID: String
  public let newDataKeyID: String?
  /// The slot whose key was renewed; nil where it was to be kept.
  public let slot: String?
  /// What that slot is for.
  public let kind: SlotKind?
  /// What it was opened with.
  public let source: String
  /// The slot's key before and now; nil where it was to be kept, or for what a dry run does not make.
  public let oldKeyID: String?
  public let newKeyID: String?
  /// The file that the new key is in.
  public let keyPath: String?
  /// The slots that kept their keys.
  public let rewrapped: [String]
  /// The slots that were taken out, because this host had not accepted them.
  public let dropped: [String]
  /// How many records were sealed again.
  public let tokens: Int
}
