/// What the store notes of a record's life. The store writes it: what a given record says is not looked at.
public struct RecordHistory: Sendable, Hashable {
  /// When the record was first saved, or saved again after a limit had ended it (see `RetentionPolicy`); nil for
  /// one that was never saved, and where that is unknown because the clock was wrong.
  public package(set) var firstSavedAt: Timestamp? {
    get { Timestamp(millisecondsSince1970: firstSaved) }
    set { firstSaved = newValue?.millisecondsSince1970 ?? Self.never }
  }
  /// When it was last saved or handed out. Uses are noted at intervals of an hour,
  /// or of a tenth of `RetentionPolicy.idle`, so it may lie behind by that.
  public package(set) var lastUsedAt: Timestamp? {
    get { Timestamp(millisecondsSince1970: lastUsed) }
    set { lastUsed = newValue?.millisecondsSince1970 ?? Self.never }
  }
  /// What has become of the last try to refresh it; nil when all is well.
  public package(set) var refresh: RefreshState?

  /// No time that can be written. As plain numbers: each record carries this.
  private static let never = Int64.min
  private var firstSaved = never
  private var lastUsed = never

  /// The history of a record that was never saved.
  public init() {}
}

extension RecordHistory {
  /// The last time that the record was saved or handed out, as far as that is noted.
  var lastKnownUse: Timestamp? { lastUsedAt ?? firstSavedAt }

  /// The members that say something, by name and in order.
  package var members: [(name: String, text: String)] {
    HistoryField.allCases.compactMap { field in text(of: field).map { (field.name, $0) } }
  }
}
