/// The members by which a stored record tells its history, in the order in which they are written.
package enum HistoryField: Int, CaseIterable, Sendable {
  case firstSavedAt, lastUsedAt, refreshState

  /// The name in JSON and in the CSV header.
  var name: String {
    switch self {
    case .firstSavedAt: "first_saved_at"
    case .lastUsedAt: "last_used_at"
    case .refreshState: "refresh_state"
    }
  }
}

extension RecordHistory {
  /// What a member says; nil where there is nothing to say.
  func text(of field: HistoryField) -> String? {
    switch field {
    case .firstSavedAt: firstSavedAt?.description
    case .lastUsedAt: lastUsedAt?.description
    case .refreshState: refresh?.text
    }
  }

  /// Takes in what a member says; false for what `text(of:)` would not have written.
  mutating func set(_ field: HistoryField, _ text: Span<UInt8>) -> Bool {
    switch field {
    case .firstSavedAt:
      firstSavedAt = Timestamp(canonical: text)
      return firstSavedAt != nil
    case .lastUsedAt:
      lastUsedAt = Timestamp(canonical: text)
      return lastUsedAt != nil
    case .refreshState:
      guard let text = try? UTF8Span(validating: text) else { return false }
      refresh = RefreshState(String(copying: text))
      return refresh != nil
    }
  }
}
