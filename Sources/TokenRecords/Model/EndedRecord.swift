/// A record that a limit of its vault has ended.
public struct EndedRecord: Sendable, Hashable {
  /// The record's id.
  public let id: String
  /// The record's user, if it has one.
  public let userName: String?
  /// The limit that has ended it.
  public let limit: RetentionPolicy.Limit
  /// The start of the limit: the first save, the last use, or the end of the access token.
  public let since: Timestamp
  /// The limit in seconds.
  public let seconds: Int64
}

extension EndedRecord {
  /// The start of the limit, as a sentence in lower case.
  package var cause: String {
    let what =
      switch limit {
      case .maxAge: "it was first saved"
      case .idle: "it was last used"
      case .expired: "its access token ended"
      }
    return "\(what) at \(since)"
  }
}

extension EndedRecord: CustomStringConvertible {
  /// The limit and its start, as the end of a sentence.
  public var description: String {
    "\(cause), and the vault's limit '\(limit.rawValue)' is \(seconds) s"
  }
}
