extension TokenVaultError {
  /// The sentence of an error about what this host has seen.
  var memorySentence: String {
    switch self {
    case .rolledBack(let path, let generation, let highest) where generation == highest:
      "'\(path)' is not what it was: this host has seen another version of its generation \(generation)"
    case .rolledBack(let path, let generation, let highest):
      "'\(path)' is older than it was: generation \(generation), and \(highest) has been here"
    case .otherVault(let path, let seen, let found?):
      "another vault has taken the place of '\(path)': this host has seen store \(seen) there, and it is \(found)"
    case .otherVault(let path, let seen, nil):
      "a vault that this host has seen at '\(path)' is gone (store \(seen)), and no other one was made in its place"
    case .otherCopy(let path, let vault, let seen, let found):
      "'\(path)' is no copy of '\(vault)': it is of store \(found), and this host has seen store \(seen) there"
    case .otherSlots(let path, let slots, let missing):
      Self.slotDifference(path, slots, missing) + ", and nothing was changed"
    case .slotGone(let path, let slot):
      "'\(path)' has lost the key slot '\(slot)', by which this host has opened it"
    case .unprovenCopy(let path):
      "'\(path)' has another data key than this host has seen last, so that it does not show who made it, "
        + "and nothing was changed"
    case .unprovenDataKey(let path, let slot):
      "'\(path)' has another data key than this host has seen last, and its key slot '\(slot)' alone "
        + "does not show who made it"
    case .unprovenDamage(let path):
      "'\(path)' has another data key than this host has seen last, or lacks its key slot, so that it does not show "
        + "who made it, and nothing was changed"
    default: ""
    }
  }

  static func slotDifference(_ path: String, _ slots: [String], _ missing: [String]) -> String {
    func names(_ slots: [String]) -> String { slots.map { "'\($0)'" }.joined(separator: ", ") }
    var parts: [String] = []
    if !slots.isEmpty { parts.append("has key slots that this host has not seen: \(names(slots))") }
    if !missing.isEmpty { parts.append("has lost key slots: \(names(missing))") }
    return "'\(path)' \(parts.joined(separator: " and "))"
  }
}
