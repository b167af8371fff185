extension SaveRequest {
  /// Saves the answer of a token endpoint for the record that the caller names.
  ///
  /// Whose record it is and where it is refreshed come from `record`, and from the answer the fields that a refresh takes,
  /// without `api_domain`: of an answer, no word decides which record it changes, or where secrets go. Of an answer with
  /// a problem, there is only the refresh token to be saved.
  ///
  /// Throws `unusableAnswer` for an answer without any token, and for a record that names nothing to be found by.
  init(
    _ answer: RefreshAnswer, for record: OAuthToken, _ rules: SaveRules
  ) throws(TokenVaultError) {
    guard let answered = AnsweredRecord(record) else {
      throw .unusableAnswer(
        reason: "an answer needs the id or the user_name of the token it is for")
    }
    var fields = answer.record
    fields[.apiDomain] = nil
    guard fields.has(.accessToken) || fields.has(.refreshToken) else {
      throw .unusableAnswer(reason: answer.problem ?? "the answer has no token")
    }
    var rules = rules
    rules.answered = answered
    self.init([record.laidUnder(fields)], rules)
  }
}

extension OAuthToken {
  /// This record with the fields of an answer over it. Unlike a record that is saved, it keeps empty fields: they clear.
  fileprivate func laidUnder(_ answer: OAuthToken) -> OAuthToken {
    var result = self
    for field in TokenField.allCases {
      if let text = answer[field] { result[field] = text }
    }
    return result
  }
}

extension RefreshAnswer {
  /// What the caller is told although the refresh token is saved; nil if all of the answer is.
  var problemAfterSaving: TokenVaultError? {
    guard let problem, !lacksAccessToken else { return nil }
    return .unusableAnswer(reason: "\(problem): only its refresh token is saved")
  }
}
