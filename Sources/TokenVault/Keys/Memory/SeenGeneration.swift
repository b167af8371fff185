/// The identity of one version of a vault among those of its store.
struct SeenGeneration: Sendable, Equatable {
  /// How often the vault had been written, log entries included.
  let number: UInt64
  /// The salt of the last log entry, or of the snapshot if there is none, which no other message has. Nil if only the
  /// number is known, as a lower bound.
  let tag: [UInt8]?

  init(_ number: UInt64, tag: [UInt8]?) { (self.number, self.tag) = (number, tag) }

  /// Whether both have the same number and are certainly not the same version.
  func isOtherVersion(than other: SeenGeneration) -> Bool {
    guard number == other.number, let tag, let otherTag = other.tag else { return false }
    return tag != otherTag
  }
}
