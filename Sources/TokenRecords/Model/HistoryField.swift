/// The members of a stored record that hold its history, in the order in which they are written.
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
  /// The text of a member; nil if it is absent.
  func text(of field: HistoryField) -> String? {
    switch field {
    case .firstSavedAt: firstSavedAt?.description
    case .lastUsedAt: lastUsedAt?.description
    case .refreshState: refresh?.text
    }
  }

  /// Sets a member from its text; returns false for a text that ``text(of:)`` would not have written.
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
