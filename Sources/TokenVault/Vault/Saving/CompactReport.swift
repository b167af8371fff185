/// The result of a compaction.
public struct CompactReport: Sendable, Equatable {
  /// The vault.
  public let path: String
  /// Bytes of the file before.
  public let sizeBefore: Int64
  /// Bytes of the file now.
  public let size: Int64
  /// The vault's generation now.
  public let generation: UInt64
}
