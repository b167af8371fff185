/// A save that changes where the client secret and the refresh token of a stored record go.
public struct EndpointMove: Sendable, Equatable {
  /// The record's id.
  public let id: String
  /// Scheme, host and port of the server that the secrets went to; nil where the record named none.
  public let from: String?
  /// Scheme, host and port of the server that they go to with the save; equal to `from` where only the way in which the
  /// client authenticates there is another.
  public let to: String

  /// The move that laying `input` over a stored record makes; nil if the secrets stay where they are, go nowhere, or
  /// are all in the input.
  init?(of old: OAuthToken, to new: OAuthToken, by input: OAuthToken) {
    let secrets: [TokenField] = [.clientSecret, .refreshToken]
    // An empty text takes a secret away, and shows none.
    guard secrets.contains(where: { old.has($0) && input[$0]?.isEmpty ?? true }) else { return nil }
    let (before, after) = (SecretDestination(of: old), SecretDestination(of: new))
    guard before != after, let to = after.name else { return nil }
    (id, from, self.to) = (old.id ?? "", before.name, to)
  }
}

extension EndpointMove: CustomStringConvertible {
  /// Both servers, as the end of a sentence whose subject is the record's secrets.
  public var description: String {
    if from == to { return "to '\(to)' by another token_endpoint_auth_method" }
    return "to '\(to)'" + (from.map { " instead of '\($0)'" } ?? ", and go to no server so far")
  }
}
