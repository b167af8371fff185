extension SaveRequest {
  /// Saves the answer of a token endpoint for the record that the caller names.
  ///
  /// The record's user, client and servers come from `record`; from the answer come the fields that a refresh sets, without
  /// `api_domain`. So nothing in an answer decides which record it changes, or where secrets go. Of an answer with a
  /// problem, only the refresh token is saved.
  ///
  /// - Throws: ``TokenVaultError/unusableAnswer(reason:)`` for an answer without a token, or a record without a key.
  init(
    _ answer: RefreshAnswer, for record: OAuthToken, _ rules: SaveRules
  ) throws(TokenVaultError) {
    guard TokenQuery(matching: record).key != nil else {
      throw .unusableAnswer(
        reason: "an answer needs the id or the user_name of the token it is for")
    }
    var fields = answer.record
    fields[.apiDomain] = nil
    guard fields.has(.accessToken) || fields.has(.refreshToken) else {
      throw .unusableAnswer(reason: answer.problem ?? "the answer has no token")
    }
    var rules = rules
    rules.answered = record
    self.init([record.laidUnder(fields)], rules)
  }
}

extension OAuthToken {
  /// This record with the fields of an answer over it. Empty fields stay, and clear those of the stored record.
  fileprivate func laidUnder(_ answer: OAuthToken) -> OAuthToken {
    var result = self
    for field in TokenField.allCases {
      if let text = answer[field] { result[field] = text }
    }
    return result
  }
}

extension RefreshAnswer {
  /// The error to throw after only the refresh token was saved; nil if all of the answer was.
  var problemAfterSaving: TokenVaultError? {
    guard let problem, !lacksAccessToken else { return nil }
    return .unusableAnswer(reason: "\(problem): only its refresh token is saved")
  }
}
