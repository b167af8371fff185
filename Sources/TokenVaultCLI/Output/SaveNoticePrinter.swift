import TokenVault

/// Says on standard error what a save did that its user may not expect.
struct SaveNoticePrinter {
  let session: Session
  /// Whether moves of endpoints are told.
  var hasMoves = true

  /// An import may have as many notices as records.
  private static let limit = 10

  func print(_ outcomes: [SaveOutcome]) {
    let notices = outcomes.flatMap { outcome in
      outcome.notices.filter(isTold).map { (outcome.token.id, $0) }
    }
    for (id, notice) in notices.prefix(Self.limit) {
      session.note(Self.sentence(notice, id ?? ""))
    }
    if notices.count > Self.limit {
      session.note("warning: and \(notices.count - Self.limit) more of these")
    }
  }

  private func isTold(_ notice: SaveNotice) -> Bool {
    if case .endpointMoved = notice { hasMoves } else { true }
  }

  private static func sentence(_ notice: SaveNotice, _ id: String) -> String {
    switch notice {
    case .oldestOfSeveral(let count):
      AmbiguityWarning.sentence(ofOldest: id, among: count) ?? ""
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
