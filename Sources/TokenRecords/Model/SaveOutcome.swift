/// What a save did.
public struct SaveOutcome: Sendable, Equatable {
  /// How the store changed.
  public enum Change: Sendable, Equatable {
    /// There is a new record.
    case inserted
    /// A record has other content, and a higher revision.
    case updated
    /// The record already said all of it; nothing was written.
    case unchanged
  }

  /// How the store changed.
  public let change: Change
  /// The whole record as it is stored now.
  public let token: OAuthToken
  /// What the caller may not expect of it; mostly nothing.
  public let notices: [SaveNotice]

  package init(change: Change, token: OAuthToken, notices: [SaveNotice] = []) {
    (self.change, self.token, self.notices) = (change, token, notices)
  }
}
