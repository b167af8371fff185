/// Records to save together or not at all.
struct SaveRequest: Sendable {
  typealias Result = Swift.Result<[SaveOutcome], TokenVaultError>

  let tokens: [OAuthToken]
  let rules: SaveRules

  init(_ tokens: [OAuthToken], _ rules: SaveRules = SaveRules()) {
    (self.tokens, self.rules) = (tokens, rules)
  }

  /// What the rules look for: the records that the saved ones match, and those with their ids.
  var queries: [TokenQuery] {
    let given = tokens + [rules.answered].compactMap(\.self)
    let ids = given.compactMap { token in token.id.map { TokenQuery(id: $0) } }
    return tokens.map { rules.query(for: $0) } + ids
  }
}
