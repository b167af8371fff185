/// Records that are to be saved together or not at all.
struct SaveRequest: Sendable {
  /// What comes of it.
  typealias Result = Swift.Result<[SaveOutcome], TokenVaultError>

  let tokens: [OAuthToken]
  let rules: SaveRules

  init(_ tokens: [OAuthToken], _ rules: SaveRules = SaveRules()) {
    (self.tokens, self.rules) = (tokens, rules)
  }
}
