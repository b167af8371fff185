extension TokenTable {
  /// Saves the records of a request one after another, and checks that the table can still be stored.
  ///
  /// After an error, the caller discards the table.
  ///
  /// - Throws: What ``save(_:now:_:isAnswer:)`` and ``checkStorable(_:as:)`` find, with the number of the record.
  mutating func save(
    _ request: SaveRequest, now: VaultTime, as format: RecordFormat
  ) throws(TokenVaultError) -> [SaveOutcome] {
    let outcomes = try saveAll(request.tokens, now: now, request.rules)
    try checkStorable(outcomes, as: format)
    return outcomes
  }

  /// Saves what was asked for, each request whole or not at all.
  mutating func save(
    each requests: [SaveRequest], now: VaultTime, as format: RecordFormat
  ) -> [SaveRequest.Result] {
    requests.map { request in
      let before = self
      do throws(TokenVaultError) {
        return .success(try save(request, now: now, as: format))
      } catch {
        rollBack(to: before)
        return .failure(error)
      }
    }
  }

  /// Saves these one after another; an error names the record by its number. After an error, the caller discards the
  /// table.
  mutating func saveAll(
    _ tokens: [OAuthToken], now: VaultTime, _ rules: SaveRules = SaveRules()
  ) throws(TokenVaultError) -> [SaveOutcome] {
    var outcomes: [SaveOutcome] = []
    outcomes.reserveCapacity(tokens.count)
    for (index, token) in tokens.enumerated() {
      let isAnswer = rules.answers.contains(index)
      outcomes.append(
        try TokenVaultError.wrap(
          record: index + 1, table: save(token, now: now, rules, isAnswer: isAnswer)))
    }
    return outcomes
  }

  /// Merges records, and checks that the table can still be stored. The records are gone then; after an error, the caller
  /// discards the table.
  ///
  /// - Throws: What ``importAll(spending:now:_:_:)`` and ``checkStorable(_:as:)`` find.
  mutating func importAll(
    spending tokens: inout [OAuthToken], now: VaultTime, _ rules: ImportRules,
    as format: RecordFormat, _ body: (SaveOutcome) -> Void
  ) throws(TokenVaultError) {
    var (record, refused) = (0, Int?.none)
    try TokenVaultError.wrap(
      import: importAll(spending: &tokens, now: now, rules) { outcome in
        if refused == nil, outcome.cannotBeStored(as: format) { refused = record }
        record += 1
        body(outcome)
      })
    try checkStorable(refusing: refused, as: format)
    tokens = []
  }

  /// Refuses what could be written but not read again: that would cost the whole vault.
  ///
  /// - Parameters:
  ///   - outcomes: The changes since the table was last stored; nil to check all records.
  ///   - format: The format to store them in.
  /// - Throws: ``TokenVaultError/tooManyRecords``, ``TokenVaultError/unstorable(record:)``,
  ///   ``TokenVaultError/tooManyUnknownFields``.
  mutating func checkStorable(
    _ outcomes: [SaveOutcome]? = nil, as format: RecordFormat
  ) throws(TokenVaultError) {
    let refused =
      if let outcomes {
        outcomes.firstIndex { $0.cannotBeStored(as: format) }
      } else {
        tokens.firstIndex { !format.canHold($0) }
      }
    try checkStorable(refusing: refused, as: format)
  }

  private mutating func checkStorable(
    refusing refused: Int?, as format: RecordFormat
  ) throws(TokenVaultError) {
    guard tokens.count <= RecordFormat.recordCountLimit else { throw .tooManyRecords }
    if let refused { throw .unstorable(record: refused + 1) }
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
    return names.fitsInHeader
  }
}

extension SaveOutcome {
  /// Whether the change cannot be stored.
  fileprivate func cannotBeStored(as format: RecordFormat) -> Bool {
    change != .unchanged && !format.canHold(token)
  }
}
