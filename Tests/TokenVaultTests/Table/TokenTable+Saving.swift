@testable import TokenRecords
@testable import TokenVault

// Saves by a clock of which nothing is known.
extension TokenTable {
  mutating func save(
    _ token: OAuthToken, now: Timestamp, ignoringID: Bool = false
  ) throws(TokenTableError) -> SaveOutcome {
    try save(token, now: VaultTime(clock: now), SaveRules(ignoresIDs: ignoringID))
  }

  mutating func saveAll(
    _ tokens: [OAuthToken], now: Timestamp
  ) throws(TokenVaultError) -> [SaveOutcome] {
    try saveAll(tokens, now: VaultTime(clock: now))
  }
}
