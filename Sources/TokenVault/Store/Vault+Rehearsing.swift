extension Vault {
  /// Says what saving these would do to an empty store, so that nothing need be made for what cannot be
  /// saved.
  package static func rehearse(
    _ tokens: [OAuthToken], ifRevision: Int? = nil, ignoringID: Bool = false
  ) throws(TokenVaultError) -> [SaveOutcome] {
    var table = TokenTable()
    var outcomes: [SaveOutcome] = []
    for (index, token) in tokens.enumerated() {
      do throws(TokenTableError) {
        outcomes.append(
          try table.save(token, ifRevision: ifRevision, ignoringID: ignoringID))
      } catch {
        throw TokenVaultError(error, record: index + 1)
      }
    }
    try table.checkStorable(outcomes, as: .json)
    return outcomes
  }
}
