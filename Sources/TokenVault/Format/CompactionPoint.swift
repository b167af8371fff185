/// The log entry after which a compaction has written a snapshot: the snapshot has the records as they were then.
///
/// A store that has read as far may keep its decoded records.
struct CompactionPoint: Sendable, Equatable {
  /// Bytes of a tag.
  static let tagSize = 16

  /// The vault's generation with that entry.
  let generation: UInt64
  /// The tag of the entry's frame: 16 bytes.
  let tag: [UInt8]
}
