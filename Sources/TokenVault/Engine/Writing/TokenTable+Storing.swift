extension TokenTable {
  /// Saves these one after another; an error names the record by its number. What was changed before an
  /// error is the caller's to throw away.
  mutating func saveAll(
    _ tokens: [OAuthToken], now: VaultTime, _ rules: SaveRules = SaveRules()
  ) throws(TokenVaultError) -> [SaveOutcome] {
    var outcomes: [SaveOutcome] = []
    outcomes.reserveCapacity(tokens.count)
    for (index, token) in tokens.enumerated() {
      do throws(TokenTableError) {
        let isAnswer = rules.answers.contains(index)
        outcomes.append(try save(token, now: now, rules, isAnswer: isAnswer))
      } catch {
        throw TokenVaultError(error, record: index + 1)
      }
    }
    return outcomes
  }

  /// Saves what was asked for, each whole or not at all.
  mutating func saveEach(
    _ requests: [SaveRequest], now: VaultTime, as format: RecordFormat
  ) -> [SaveRequest.Result] {
    var results: [SaveRequest.Result] = []
    for request in requests {
      let mark = mark()
      do throws(TokenVaultError) {
        let outcomes = try saveAll(request.tokens, now: now, request.rules)
        try checkStorable(outcomes, as: format)
        results.append(.success(outcomes))
      } catch {
        takeBack(to: mark)
        results.append(.failure(error))
      }
    }
    return results
  }

  /// Refuses what could be written but not read again: that would cost the whole vault.
  ///
  /// `outcomes` are the changes since the table was last stored.
  mutating func checkStorable(
    _ outcomes: [SaveOutcome], as format: RecordFormat
  ) throws(TokenVaultError) {
    guard tokens.count <= RecordFormat.recordCountLimit else { throw .tooManyRecords }
    for (index, outcome) in outcomes.enumerated()
    where outcome.change != .unchanged && !format.canHold(outcome.token) {
      throw .unstorable(record: index + 1)
    }
    guard canBeHeldTogether(as: format) else { throw .tooManyUnknownFields }
  }

  /// Whether the unknown fields are not too many columns. Which there are is not looked for in all records at each
  /// save.
  private mutating func canBeHeldTogether(as format: RecordFormat) -> Bool {
    guard format == .csv else {
      attributeNames = nil
      return true
    }
    if attributeNames?.fitsInHeader == true { return true }
    let names = AttributeNames(tokens)
    attributeNames = names
    return names.fitsInHeader || format.canHoldTogether(Array(tokens))
  }
}

extension AttributeNames {
  /// Whether a header row in CSV has certainly room for these; mostly there are few.
  fileprivate var fitsInHeader: Bool {
    // At worst, each byte is a quotation mark, which is doubled; a prefix, quotation marks and a comma are added.
    count <= RecordFormat.attributeColumnLimit
      && 500 + 2 * size + 8 * count <= RecordFormat.recordSizeLimit
  }
}
