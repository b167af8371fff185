/// The result of a repair.
public struct RepairReport: Sendable, Equatable {
  /// The vault.
  public let path: String
  /// The path of the damaged file; nil if nothing was wrong, and nothing was written.
  public let copy: String?
  /// How many log entries were sound.
  public let soundSaves: Int
  /// How many saves are lost: their records are as the save before has left them, unless a later sound entry has them.
  public let lostSaves: Int
  /// Bytes of a torn write at the end: a save that was never acknowledged.
  public let unfinishedBytes: Int
  /// The number of records now.
  public let tokens: Int
  /// The vault's generation now.
  public let generation: UInt64

  /// Whether the header, the snapshot or its length was damaged, and not only the log.
  public internal(set) var isSnapshotDamaged = false
  /// Whether the index of a sound snapshot was damaged, or a summary of the log wrong; the index is made anew from the
  /// records, and nothing of it is lost.
  public internal(set) var isIndexDamaged = false
  /// How many of the records are from the snapshot; the others are from log entries.
  public internal(set) var tokensFromSnapshot = 0
  /// How many chunks of 16 KiB a damaged snapshot has, and how many of them do not open.
  public internal(set) var snapshotChunks = 0
  public internal(set) var lostChunks = 0
  /// Lost bytes of a damaged snapshot's text: chunks that do not open, and records that these cut.
  public internal(set) var lostBytes = 0
  /// Whether the limits were lost, and are now those that the caller gave.
  public internal(set) var areLimitsLost = false
  /// Whether the names of unknown fields were lost; they are called `lost-1` and so on now.
  public internal(set) var areNamesLost = false
}
