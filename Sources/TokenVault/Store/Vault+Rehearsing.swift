extension Vault {
  /// Says what saving these would do to an empty store, so that nothing need be made for what cannot be
  /// saved.
  package static func rehearse(
    _ tokens: [OAuthToken], ifRevision: Int? = nil, ignoringID: Bool = false
  ) throws(TokenVaultError) -> [SaveOutcome] {
    var table = TokenTable()
    let outcomes = try table.saveAll(
      tokens, now: VaultTime(clock: .now), ifRevision: ifRevision, ignoringID: ignoringID)
    try table.checkStorable(outcomes, as: .json)
    return outcomes
  }
}
