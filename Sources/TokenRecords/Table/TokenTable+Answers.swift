extension TokenTable {
  /// Lays the answer of a token endpoint over the record that it is for, and gives it as it is then; nil where the
  /// record has something newer.
  ///
  /// It is for the record of the same user that still has the refresh token that was sent. Where that has another
  /// access token by now, someone has refreshed or saved it meanwhile; then only an answer with a new refresh token
  /// counts, since the server takes the old one no more. `mark` is what the record says of the call; another call's
  /// stays. To be refreshed is no use, and begins nothing anew.
  package mutating func take(
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
    new.history.noteRefresh(at: now)
    try replace(position, with: &new)
    return new
  }

  private func isFor(_ sent: OAuthToken, _ position: Int, _ answer: OAuthToken) -> Bool {
    let record = tokens[position]
    func isSame(_ field: TokenField) -> Bool {
      record[field].map(ExactText.init) == sent[field].map(ExactText.init)
    }
    let isRotated = answer[.refreshToken] != nil && !answer.hasSameRefreshToken(as: sent)
    return isSame(.userName) && isSame(.refreshToken) && (isSame(.accessToken) || isRotated)
  }
}
