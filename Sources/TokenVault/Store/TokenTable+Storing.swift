extension TokenTable {
  /// Saves these one after another; an error names the record by its number. What was changed before an
  /// error is the caller's to throw away.
  mutating func saveAll(
    _ tokens: [OAuthToken], now: Timestamp, ifRevision: Int? = nil, ignoringID: Bool = false
  ) throws(TokenVaultError) -> [SaveOutcome] {
    var outcomes: [SaveOutcome] = []
    for (index, token) in tokens.enumerated() {
      do throws(TokenTableError) {
        outcomes.append(try save(token, now: now, ifRevision: ifRevision, ignoringID: ignoringID))
      } catch {
        throw TokenVaultError(error, record: index + 1)
      }
    }
    return outcomes
  }

  /// Refuses what could be written but not read again: that would cost the whole vault.
  ///
  /// `outcomes` are the changes since the table was last stored.
  func checkStorable(
    _ outcomes: [SaveOutcome], as format: RecordFormat
  ) throws(TokenVaultError) {
    guard tokens.count <= RecordFormat.recordCountLimit else { throw .tooManyRecords }
    for (index, outcome) in outcomes.enumerated()
    where outcome.change != .unchanged && !format.canHold(outcome.token) {
      throw .unstorable(record: index + 1)
    }
    guard format.canHoldTogether(tokens) else { throw .tooManyUnknownFields }
  }
}
