/// One version of a vault, told apart from every other one of the same store.
package struct SeenGeneration: Sendable, Equatable {
  /// How often the vault had been written, commits included.
  package let number: UInt64
  /// The salt of the last commit, or of the snapshot before any: no other message has it. Nil if only the number is
  /// known, as a lower bound.
  package let tag: [UInt8]?

  package init(_ number: UInt64, tag: [UInt8]?) { (self.number, self.tag) = (number, tag) }

  /// Whether both have the same number and are certainly not the same version.
  package func isOtherVersion(than other: SeenGeneration) -> Bool {
    guard number == other.number, let tag, let otherTag = other.tag else { return false }
    return tag != otherTag
  }
}
