/// Records to save together or not at all.
struct SaveRequest: Sendable {
  typealias Result = Swift.Result<[SaveOutcome], TokenVaultError>

  let tokens: [OAuthToken]
  let rules: SaveRules

  init(_ tokens: [OAuthToken], _ rules: SaveRules = SaveRules()) {
    (self.tokens, self.rules) = (tokens, rules)
  }
}
