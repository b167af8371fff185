/// What the store records about the life of a record. It ignores the history of a record that it is given, unless an
/// export comes back into an empty vault.
public struct RecordHistory: Sendable, Hashable {
  /// When the record was first saved, or saved again after a limit had ended it (see ``RetentionPolicy``); nil before
  /// the first save, and if the time is unknown because the clock was wrong.
  public package(set) var firstSavedAt: Timestamp? {
    get { Timestamp(millisecondsSince1970: firstSaved) }
    set { firstSaved = newValue?.millisecondsSince1970 ?? Self.never }
  }
  /// When it was last saved or used. Uses are recorded once an hour, or once in a tenth of ``RetentionPolicy/idle``, so
  /// the true last use may be later by that.
  public package(set) var lastUsedAt: Timestamp? {
    get { Timestamp(millisecondsSince1970: lastUsed) }
    set { lastUsed = newValue?.millisecondsSince1970 ?? Self.never }
  }
  /// The state of a refresh that failed or has not ended; nil otherwise.
  public package(set) var refresh: RefreshState?

  /// Stands for no time; two plain numbers are smaller than two optionals, and each record carries them.
  private static let never = Int64.min
  private var firstSaved = never
  private var lastUsed = never

  /// The history of a record that was never saved.
  public init() {}
}

extension RecordHistory {
  /// The last recorded save or use.
  var lastKnownUse: Timestamp? { lastUsedAt ?? firstSavedAt }

  /// The members that are present, by name and in order.
  package var members: [(name: String, text: String)] {
    HistoryField.allCases.compactMap { field in text(of: field).map { (field.name, $0) } }
  }
}
