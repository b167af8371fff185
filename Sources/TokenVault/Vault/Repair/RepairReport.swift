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

  /// Whether the header, the snapshot or its length was damaged, and not only what stands behind it.
  public internal(set) var isSnapshotDamaged = false
  /// How many of the records are as the snapshot has them; the others are from saves behind it.
  public internal(set) var tokensFromSnapshot = 0
  /// How many chunks of 16 KiB a damaged snapshot has, and how many of these do not open.
  public internal(set) var snapshotChunks = 0
  public internal(set) var lostChunks = 0
  /// Bytes of a damaged snapshot's text that are lost: what does not open, and the records that are cut by it.
  public internal(set) var lostBytes = 0
  /// Whether the limits are lost, and are now those that were given.
  public internal(set) var areLimitsLost = false
  /// Whether the names of unknown fields are lost; the fields are called `lost-1` and so on now.
  public internal(set) var areNamesLost = false
}
