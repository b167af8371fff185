import TokenVault

/// The outcomes of a save.
struct SaveReport: Report {
  let outcomes: [SaveOutcome]

  /// The ids.
  var sentences: [String] { outcomes.map { $0.token.id ?? "" } }

  var json: any JSONValue {
    outcomes.map { outcome in
      [
        "id": outcome.token.id ?? "", "change": "\(outcome.change)",
        "revision": outcome.token.revision,
      ] as JSONObject
    }
  }

  /// Prints the notices and the outcomes.
  func print(_ session: Session) throws {
    SaveNotices(outcomes).print(session)
    do { try session.print(self) } catch { throw error.afterSaving }
  }
}
