import TokenVault

/// The outcomes of an import, or of its dry run.
struct ImportReport: Report {
  let outcomes: [SaveOutcome]
  let isDryRun: Bool
  let allowsMoves: Bool

  private func count(_ change: SaveOutcome.Change) -> Int {
    outcomes.count { $0.change == change }
  }

  /// The moves that an import without `--move-endpoint` refuses; only a dry run reports them.
  private var moves: [EndpointMove] {
    guard isDryRun else { return [] }
    return outcomes.flatMap(\.notices).compactMap { notice in
      if case .endpointMoved(let move) = notice { move } else { nil }
    }
  }

  var sentences: [String] {
    let end = isDryRun ? " (nothing was written)" : ""
    let refusal = allowsMoves ? "" : "; without --move-endpoint, the import is refused"
    return [
      "\(count(.inserted)) inserted, \(count(.updated)) updated, \(count(.unchanged)) unchanged\(end)"
    ]
      + moves.map { move in
        "the client secret and refresh token of the token '\(move.id)' would go \(move)\(refusal)"
      }
  }

  var json: any JSONValue {
    let moves = moves.map { ["id": $0.id, "from": $0.from, "to": $0.to] as JSONObject }
    let counts: JSONObject = [
      "inserted": count(.inserted), "updated": count(.updated), "unchanged": count(.unchanged),
      "dry_run": isDryRun,
    ]
    return moves.isEmpty ? counts : counts + ["endpoint_moves": moves]
  }
}
