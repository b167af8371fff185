extension TokenTable {
  /// Merges the answer of a token endpoint into its record; returns the new record, or nil if the stored one is newer.
  ///
  /// The record must have the same user and still the refresh token that was sent. If its access token changed
  /// meanwhile, another process has refreshed or saved it: then the answer counts only with a new refresh token,
  /// because the server may accept the old one no more. Clears the refresh state `mark` of this call, not that of
  /// another one. A refresh counts as no use and restarts no limit.
  ///
  /// - Throws: ``TokenTableError/countersExhausted``.
  package mutating func apply(
    _ answer: OAuthToken, id: String, for sent: OAuthToken, mark: RefreshState,
    now: VaultTime
  ) throws(TokenTableError) -> OAuthToken? {
    guard let position = position(of: TokenQuery(id: id)), isFor(sent, position, answer) else {
      return nil
    }
    var new = tokens[position].overlaid(with: answer)
    switch new.history.refresh {
    case mark, .unanswered: new.history.refresh = nil
    default: break
    }
    new.history.markRefreshed(at: now)
    try replace(position, with: &new)
    return new
  }

  private func isFor(_ sent: OAuthToken, _ position: Int, _ answer: OAuthToken) -> Bool {
    let record = tokens[position]
    func isSame(_ field: TokenField) -> Bool { record.hasSameText(field, as: sent) }
    let isRotated = answer.has(.refreshToken) && !answer.hasSameText(.refreshToken, as: sent)
    return isSame(.userName) && isSame(.refreshToken) && (isSame(.accessToken) || isRotated)
  }
}
