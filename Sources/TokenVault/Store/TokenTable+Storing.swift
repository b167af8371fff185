extension TokenTable {
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
