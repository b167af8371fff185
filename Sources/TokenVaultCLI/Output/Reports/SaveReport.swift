import TokenVault

/// The outcomes of a save.
struct SaveReport: Report {
  let outcomes: [SaveOutcome]

  var sentences: [String] { outcomes.map { $0.token.id ?? "" } }

  var json: any JSONValue {
    outcomes.map { outcome in
      [
        "id": outcome.token.id ?? "", "change": "\(outcome.change)",
        "revision": outcome.token.revision,
      ] as JSONObject
    }
  }

  func print(_ session: Session) throws {
    session.print(noticesOf: outcomes)
    try session.print(self, ifLost: \.afterSaving)
  }
}
