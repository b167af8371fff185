extension TokenVaultError {
  /// The sentence of an error of `repair`, `restore`, or about what they have set aside.
  var damageSentence: String {
    switch self {
    case .damagedCopy(let path, let place): "'\(path)' is damaged or no copy: \(place)"
    case .olderCopy(let path, let vault, let madeAt, let generation, let behind, let tokens, _):
      Self.copyAge(of: path, madeAt, generation, behind, tokens)
        + " '\(vault)', and nothing was changed"
    case .irreparable(let path, let place):
      "'\(path)' cannot be repaired, and nothing was changed: \(place)"
    case .limitsLost(let path, _):
      "the limits of '\(path)' are lost with its first records, and nothing was changed"
    case .damagedCopyKept(_, let copy):
      "'\(copy)' may hold what is to be removed, and nothing was changed"
    default: ""
    }
  }

  /// What to do about damage: `repair` first, which saves the most where it can save anything, and names the next step
  /// where it cannot.
  var damageHint: String? {
    switch self {
    case .damagedLogEntry(let path, _), .damaged(let path, _),
      .olderCopy(_, let path, _, _, _, _, isRepairable: true):
      "to go on with what is sound, and keep a copy of the rest: "
        + "tokenvault repair --vault \(path.shellPath)"
    case .olderCopy: "to go back to it all the same, go on with --accept-rollback"
    case .irreparable(let path, _):
      "if it has a previous snapshot, this brings that back: "
        + "tokenvault restore --vault \(path.shellPath)"
    case .limitsLost(let path, nil):
      "give those that it had, or none: "
        + "tokenvault repair --vault \(path.shellPath) --policy none"
    case .limitsLost(let path, let previous?):
      "give those that it had; its previous snapshot has these: "
        + "tokenvault repair --vault \(path.shellPath) --policy \(previous.argument)"
    case .damagedCopyKept(let path, _):
      "when nothing in it is missed: tokenvault repair --discard --vault \(path.shellPath)"
    default: nil
    }
  }

  /// How old a copy is, as a sentence that goes on with the vault's name.
  static func copyAge(
    of path: String, _ madeAt: Timestamp?, _ generation: UInt64, _ behind: UInt64?, _ tokens: Int?
  ) -> String {
    let time = madeAt.map { "from \($0), " } ?? ""
    let generations = behind.map { counted($0, "generation") } ?? "an unknown number of generations"
    let records = tokens.map { counted($0, "token") } ?? "an unknown number of tokens"
    let seen = behind.map { $0 > 0 ? ", where \(generation + $0) has been here" : "" } ?? ""
    return "'\(path)' is \(time)of generation \(generation)\(seen): "
      + "\(records) and \(generations) behind"
  }

  private static func counted(_ count: some BinaryInteger, _ name: String) -> String {
    "\(count) \(name)\(count == 1 ? "" : "s")"
  }
}
