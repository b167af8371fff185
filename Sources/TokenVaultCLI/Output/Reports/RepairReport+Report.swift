import TokenVault

extension RepairReport: Report {
  private var tokensFromSaves: Int { tokens - tokensFromSnapshot }

  var sentences: [String] {
    guard let copy else {
      return ["'\(path)' is sound: \(tokens) tokens, generation \(generation)"]
    }
    let parts = [
      losses.joined(separator: ", "), "\(soundSaves) behind the snapshot were sound",
      "\(tokens) tokens, \(tokensFromSnapshot) from the snapshot and \(tokensFromSaves) from saves behind it, "
        + "now generation \(generation)",
      "the file as it was is '\(copy)'",
    ]
    return ["repaired '\(path)': " + parts.joined(separator: "; ")]
  }

  private var losses: [String] {
    var parts: [String] = []
    if isSnapshotDamaged {
      parts.append(
        lostBytes + lostChunks == 0
          ? "nothing of the damaged snapshot lost"
          : "\(lostChunks) of \(snapshotChunks) chunks of the snapshot lost, "
            + "and with them \(lostBytes) bytes of records")
    }
    if isIndexDamaged { parts.append("the damaged index made anew") }
    if areLimitsLost { parts.append("the limits lost") }
    if areNamesLost { parts.append("the names of unknown fields lost") }
    parts.append("\(lostSaves) \(lostSaves == 1 ? "save" : "saves") lost")
    if unfinishedBytes > 0 { parts.append("and \(unfinishedBytes) bytes of a torn write") }
    return parts
  }

  var json: any JSONValue {
    let saves: JSONObject = [
      "path": path, "copy": copy, "sound_saves": soundSaves, "lost_saves": lostSaves,
      "unfinished_bytes": unfinishedBytes, "snapshot_damaged": isSnapshotDamaged,
      "index_damaged": isIndexDamaged,
    ]
    let snapshot: JSONObject = [
      "snapshot_chunks": snapshotChunks, "lost_chunks": lostChunks, "lost_bytes": lostBytes,
    ]
    let rest: JSONObject = [
      "limits_lost": areLimitsLost, "names_lost": areNamesLost,
      "tokens_from_snapshot": tokensFromSnapshot, "tokens_from_saves": tokensFromSaves,
      "tokens": tokens, "generation": generation,
    ]
    return saves + (isSnapshotDamaged ? snapshot : [:]) + rest
  }
}
