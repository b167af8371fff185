/// One change of one record, made by any thread or process, as a watcher saw it.
///
/// It has the names of the changed fields, and no values except the id and the user.
public struct VaultChange: Sendable {
  /// What happened to the record.
  @nonexhaustive public enum Kind: String, Sendable, Hashable {
    /// The record is new, at revision 1.
    case inserted
    /// The content changed, one revision higher.
    case updated
    /// The record was deleted.
    case deleted
    /// The server rejected the refresh token for good; the revision stays.
    case refreshRejected = "refresh_rejected"
  }

  /// When the watcher saw it, soon after it was made.
  public let time: Timestamp
  /// The record's id.
  public let id: String
  /// The record's user; nil if it has none.
  public let userName: String?
  /// The revision after the change; for a deleted record the last one seen.
  public let revision: Int
  /// What happened.
  public let kind: Kind
  /// The names of the fields that differ from what was seen, or of a new record's; unknown ones too, never the id.
  ///
  /// Nil for a revision that was overwritten before the vault was read: the next revision seen has all differences. Nil
  /// too if no field changes: `deleted`, `refreshRejected`.
  public let fields: [String]?
}

extension VaultChange: Equatable {
  /// Equal in everything; texts byte for byte.
  public static func == (left: VaultChange, right: VaultChange) -> Bool {
    left.time == right.time && left.revision == right.revision && left.kind == right.kind
      && ExactText(left.id) == ExactText(right.id)
      && left.userName.map(ExactText.init) == right.userName.map(ExactText.init)
      && left.fields?.map(ExactText.init) == right.fields?.map(ExactText.init)
  }
}
