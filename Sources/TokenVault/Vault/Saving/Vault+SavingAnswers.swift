extension Vault {
  /// Saves the answer of a token endpoint (RFC 6749, section 5.1), the one to a login for example, for the record that
  /// `record` names; durable when this returns.
  ///
  /// Whose tokens they are and where they are refreshed come from `record`: it has the `id` or the user, and perhaps the
  /// client, `token_endpoint` and `api_domain`. Only the tokens, their type, scope and end come from the answer. The
  /// record is updated if it is there; else it is made, which takes a user. With `movingEndpoint`, the user has said
  /// that secrets of the stored record may go to another server.
  ///
  /// Throws `unusableAnswer` for an answer without a usable token, after a refresh token in it was saved; `unknownID` or
  /// `noMatch` if there is no such record and `record` names no user; `clientConflict` if the record with the id is
  /// another client's; and what `save(_:ifRevision:movingEndpoint:)` throws.
  @discardableResult
  public func save(
    answer: RefreshAnswer, for record: OAuthToken, ifRevision: Int? = nil,
    movingEndpoint: Bool = false
  ) throws(TokenVaultError) -> SaveOutcome {
    let rules = SaveRules(ifRevision: ifRevision, allowsMoves: movingEndpoint)
    let outcome = try save(SaveRequest(answer, for: record, rules))[0]
    if let problem = answer.problemAfterSaving { throw problem }
    return outcome
  }

  /// Says what saving an answer would do to an empty store, so that none is made for what cannot be saved.
  package static func validateSave(
    answer: RefreshAnswer, for record: OAuthToken, ifRevision: Int?
  ) throws(TokenVaultError) {
    let request = try SaveRequest(answer, for: record, SaveRules(ifRevision: ifRevision))
    _ = try validateSave(request.tokens, request.rules)
  }
}
