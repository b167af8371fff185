@testable import TokenRecords

extension TokenTable {
  /// Merges records that are still needed; returns all outcomes.
  mutating func importAll(
    _ tokens: [OAuthToken], now: VaultTime, _ rules: ImportRules
  ) throws(ImportFault) -> [SaveOutcome] {
    var (tokens, outcomes) = (tokens, [SaveOutcome]())
    try importAll(spending: &tokens, now: now, rules) { outcomes.append($0) }
    return outcomes
  }
}
