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
    if StandardError.isTerminal { outcomes.prefix(10).map(\.sentence).forEach(session.note) }
  }
}

extension SaveOutcome {
  /// For a person, who knows users and not ids.
  fileprivate var sentence: String {
    let id = "id \(token.id ?? "")"
    let name = token.userName.map { "\($0) (\(id))" } ?? id
    return change == .unchanged ? "unchanged: \(name)" : "saved \(name)"
  }
}
