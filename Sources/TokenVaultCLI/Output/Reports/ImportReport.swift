import TokenVault

/// The outcomes of an import, or of its dry run.
struct ImportReport: Report {
  let tally: ImportTally
  let allowsMoves: Bool

  /// The moves that an import without `--move-endpoint` refuses; only a dry run reports them.
  private var moves: [EndpointMove] {
    guard tally.isDryRun else { return [] }
    return tally.outcomes.flatMap(\.notices).compactMap { notice in
      if case .endpointMoved(let move) = notice { move } else { nil }
    }
  }

  var sentences: [String] {
    let end = tally.isDryRun ? " (nothing was written)" : ""
    let older =
      tally.notLater == 0
      ? "" : ", \(tally.notLater) not later than what is stored (--overwrite takes them)"
    let refusal = allowsMoves ? "" : "; without --move-endpoint, the import is refused"
    return [
      "\(tally.inserted) inserted, \(tally.updated) updated, \(tally.unchanged) unchanged\(older)\(end)"
    ]
      + moves.map { move in
        "the client secret and refresh token of the token '\(move.id)' would go \(move)\(refusal)"
      }
  }

  /// The sentences, and for a dry run a table of the records.
  var lines: AnySequence<String> {
    let table = tally.isDryRun && !tally.outcomes.isEmpty ? TextColumns.lines(rows) : []
    return AnySequence((sentences.map(DisplayText.oneLine) + table).lazy.map { $0 + "\n" })
  }

  private var rows: [[String]] {
    let titles = [["CHANGE", "ID", "USER", "CLIENT", "EXPIRES", "SECRETS"]]
    return titles
      + tally.outcomes.map { outcome in
        let token = outcome.token
        return [
          outcome.notices.contains(.notLater) ? "not later" : "\(outcome.change)", token.id ?? "",
          token.userName ?? "-", token.clientID ?? "-", token.expiresAt?.text ?? "-",
          MaskedToken.secrets(of: token).joined(separator: " "),
        ]
      }
  }

  var json: any JSONValue {
    let moves = moves.map { ["id": $0.id, "from": $0.from, "to": $0.to] as JSONObject }
    let counts: JSONObject = [
      "inserted": tally.inserted, "updated": tally.updated, "unchanged": tally.unchanged,
      "not_later": tally.notLater, "dry_run": tally.isDryRun,
    ]
    return moves.isEmpty ? counts : counts + ["endpoint_moves": moves]
  }
}
