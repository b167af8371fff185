import TokenVault

extension Session {
  /// Prints what a save did that its user may not expect; `withMoves` says whether also the moves of endpoints.
  func print(noticesOf outcomes: [SaveOutcome], withMoves: Bool = true) {
    let sentences = outcomes.flatMap { outcome in
      outcome.notices.filter { if case .endpointMoved = $0 { withMoves } else { true } }
        .compactMap { $0.sentence(id: outcome.token.id ?? "") }
    }
    // An import may have as many notices as records.
    let limit = 10
    sentences.prefix(limit).forEach(note)
    if sentences.count > limit { note("warning: and \(sentences.count - limit) more of these") }
  }
}

extension SaveNotice {
  /// Nil for what the report counts.
  fileprivate func sentence(id: String) -> String? {
    switch self {
    case .oldestOfSeveral(let count):
      RecordWarning.ambiguity(oldest: id, among: count)
    case .endpointMoved(let move):
      "note: the client secret and refresh token of the token '\(id)' go \(move) from now on"
    case .refreshTokenReplaced(let fields):
      "warning: the refresh token of the token '\(id)' takes the place of one with another "
        + "\(fields.joined(separator: " and another ")); to keep both, save the new one with an id of its own "
        + "(--id, or \"id\" in the record)"
    case .accessTokenReplaced:
      "note: the access token of the token '\(id)' takes the place of another one"
    case .notLater: nil
    @unknown default:
      "warning: the token '\(id)' was changed in a way that this command does not know"
    }
  }
}
