/// A record that a limit of its vault has ended.
public struct EndedRecord: Sendable, Hashable {
  /// The record's id.
  public let id: String
  /// Whose token it is, where that is known.
  public let userName: String?
  /// What has ended it.
  public let limit: RetentionPolicy.Limit
  /// What the limit counts from: the first save, the last use, or the access token's end.
  public let since: Timestamp
  /// The limit in seconds.
  public let seconds: Int64
}

extension EndedRecord {
  /// What the limit counts from, as a sentence in lower case.
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
  /// The limit and what it counts from, as the end of a sentence.
  public var description: String {
    "\(cause), and the vault's limit '\(limit.rawValue)' is \(seconds) s"
  }
}
