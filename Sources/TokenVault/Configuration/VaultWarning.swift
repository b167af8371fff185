/// A warning from the opening of a vault.
public enum VaultWarning: Sendable, Equatable {
  /// The vault has key slots that this host has not accepted, or lacks some that it has, by name.
  case otherSlots(path: String, slots: [String], missing: [String])
  /// Others could read, or even write, a file in which this host remembers the vault; the file was made anew.
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
