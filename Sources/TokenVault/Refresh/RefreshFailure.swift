/// A refresh that failed without the server having refused it.
public struct RefreshFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What happened, as the end of a sentence; no secret.
  public let description: String
  /// Whether the server may have taken the refresh token, so that it may be of no use any more. Not where the
  /// request never reached it, or it answered that it did nothing.
  public let mayHaveUsedToken: Bool

  /// A failure; without more, one that leaves open what the server has done.
  public init(_ description: String, mayHaveUsedToken: Bool = true) {
    (self.description, self.mayHaveUsedToken) = (description, mayHaveUsedToken)
  }
}
