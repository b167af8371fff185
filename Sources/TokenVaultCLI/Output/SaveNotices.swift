import TokenVault

/// What a save did that its user may not expect.
struct SaveNotices {
  private let sentences: [String]

  /// An import may have as many notices as records.
  private static let limit = 10

  init(_ outcomes: [SaveOutcome], withMoves: Bool = true) {
    sentences = outcomes.flatMap { outcome in
      outcome.notices.filter { if case .endpointMoved = $0 { withMoves } else { true } }
        .map { Self.sentence($0, outcome.token.id ?? "") }
    }
  }

  func print(_ session: Session) {
    sentences.prefix(Self.limit).forEach(session.note)
    if sentences.count > Self.limit {
      session.note("warning: and \(sentences.count - Self.limit) more of these")
    }
  }

  private static func sentence(_ notice: SaveNotice, _ id: String) -> String {
    switch notice {
    case .oldestOfSeveral(let count):
      RecordWarning.ambiguity(oldest: id, among: count) ?? ""
    case .endpointMoved(let move):
      "note: the client secret and refresh token of the token '\(id)' go \(move) from now on"
    case .refreshTokenReplaced(let fields):
      "warning: the refresh token of the token '\(id)' takes the place of one with another "
        + "\(fields.joined(separator: " and another ")); to keep both, save the new one with an id of its own "
        + "(--id, or \"id\" in the record)"
    @unknown default:
      "warning: the token '\(id)' was changed in a way that this command does not know"
    }
  }
}
