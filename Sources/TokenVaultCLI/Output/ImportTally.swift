import TokenVault

/// The outcomes of an import: their counts, and of a million no more than what is printed.
struct ImportTally {
  /// Whether a table of all outcomes is printed.
  let isDryRun: Bool
  /// All outcomes of a dry run, otherwise those with notices that the counts do not tell.
  private(set) var outcomes: [SaveOutcome] = []
  private(set) var inserted = 0
  private(set) var updated = 0
  private(set) var unchanged = 0
  /// The records whose access tokens end no later than the stored ones.
  private(set) var notLater = 0

  init(isDryRun: Bool) { self.isDryRun = isDryRun }

  /// Whether the import changes anything.
  var hasChanges: Bool { inserted + updated > 0 }

  mutating func add(_ outcome: SaveOutcome) {
    let isNotLater = outcome.notices.contains(.notLater)
    switch outcome.change {
    case _ where isNotLater: notLater += 1
    case .inserted: inserted += 1
    case .updated: updated += 1
    case .unchanged: unchanged += 1
    }
    if isDryRun || !outcome.notices.isEmpty && !isNotLater { outcomes.append(outcome) }
  }
}
