/// What was noticed when a vault was opened, and is no error.
public enum VaultWarning: Sendable, Equatable {
  /// The vault has key slots that this host has not accepted, by name, or lacks some that it has.
  case otherSlots(path: String, slots: [String], missing: [String])
  /// Others could read, or even write, a file in which this host remembers the vault; it was made anew.
  case unsafeMemory(path: String, othersCouldWrite: Bool)
}

extension VaultWarning: CustomStringConvertible {
  /// One sentence in lower case without a full stop; paths in quotes.
  public var description: String {
    switch self {
    case .otherSlots(let path, let slots, let missing):
      TokenVaultError.slotDifference(path, slots, missing)
    case .unsafeMemory(let path, let othersCouldWrite):
      "others could \(othersCouldWrite ? "write" : "read") '\(path)', which was made anew: "
        + (othersCouldWrite
          ? "what it said of slots and paths was dropped" : "what it said is a lower bound")
    }
  }
}
