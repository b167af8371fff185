/// A refresh that failed without a refusal by the server.
public struct RefreshFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What happened, as the end of a sentence; contains no secret.
  public let description: String
  /// Whether the server may have consumed the refresh token: not if the request has not reached it, or if it says that
  /// it did nothing.
  public let mayHaveUsedToken: Bool

  /// A failure, which by default leaves open what the server has done.
  public init(_ description: String, mayHaveUsedToken: Bool = true) {
    (self.description, self.mayHaveUsedToken) = (description, mayHaveUsedToken)
  }
}
