/// What a repair has found, and done.
public struct RepairReport: Sendable, Equatable {
  /// The vault.
  public let path: String
  /// The file as it was before; nil where nothing was wrong, and nothing was done.
  public let copy: String?
  /// How many saves of those behind the snapshot were sound.
  public let soundSaves: Int
  /// How many saves are lost: what they saved is again as the save before has left it, unless a later one that is sound
  /// had it too.
  public let lostSaves: Int
  /// Bytes at the end of a save that was never acknowledged: it was killed, or the power failed.
  public let unfinishedBytes: Int
  /// How many records there are now.
  public let tokens: Int
  /// The vault's generation now.
  public let generation: UInt64
}
