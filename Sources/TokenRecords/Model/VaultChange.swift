/// One change of one record, made by any thread or process, as a watcher has seen it.
///
/// It has the names of what changed, and no value of a field but the id and the user.
public struct VaultChange: Sendable {
  /// What happened to the record.
  @nonexhaustive public enum Kind: String, Sendable, Hashable {
    /// It is new, at revision 1.
    case inserted
    /// It has other content, one revision higher.
    case updated
    /// It is gone.
    case deleted
    /// The server has refused its refresh token for good; its revision stays.
    case refreshRejected = "refresh_rejected"
  }

  /// When it was seen, which is soon after it was made.
  public let time: Timestamp
  /// The record's id.
  public let id: String
  /// Whose token it is; nil where the record has no user.
  public let userName: String?
  /// The record's revision after the change; of a deleted one the last that was seen.
  public let revision: Int
  /// What happened.
  public let kind: Kind
  /// The names of the fields that differ from what was seen before, unknown ones among them; for a new record,
  /// of those that are present. The id is not among them.
  ///
  /// Nil for a revision that was already overwritten when the vault was read: the one after it that was
  /// seen has all that differs. Nil too where no field changes: `deleted`, `refreshRejected`.
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
