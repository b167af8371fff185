extension Vault {
  /// Says what saving these would do to an empty store, so that nothing need be made for what cannot be
  /// saved.
  package static func validateSave(
    _ tokens: [OAuthToken], _ rules: SaveRules = SaveRules()
  ) throws(TokenVaultError) -> [SaveOutcome] {
    var table = TokenTable()
    let outcomes = try table.saveAll(tokens, now: VaultTime(clock: .now), rules)
    try table.checkStorable(outcomes, as: .json)
    return outcomes
  }
}
