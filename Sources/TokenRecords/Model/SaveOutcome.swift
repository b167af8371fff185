/// The result of a save.
public struct SaveOutcome: Sendable, Equatable {
  /// How the store changed.
  public enum Change: Sendable, Equatable {
    /// The save made a new record.
    case inserted
    /// The save changed a record and raised its revision.
    case updated
    /// The record already had this content; the save wrote nothing.
    case unchanged
  }

  /// How the store changed.
  public let change: Change
  /// The whole record as it is now stored.
  public let token: OAuthToken
  /// The effects that the caller may not expect; mostly none.
  public let notices: [SaveNotice]

  package init(change: Change, token: OAuthToken, notices: [SaveNotice] = []) {
    (self.change, self.token, self.notices) = (change, token, notices)
  }
}
