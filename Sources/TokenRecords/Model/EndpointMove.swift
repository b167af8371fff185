/// A save that changes the server to which refreshes send the secrets of a stored record.
public struct EndpointMove: Sendable, Equatable {
  /// The record's id.
  public let id: String
  /// Scheme, host and port of the old server; nil if the record named none.
  public let from: String?
  /// Scheme, host and port of the new server; equal to `from` if only the client authentication method changes.
  public let to: String

  /// The move by merging `input`; nil if the secrets stay with their server, go to none, or are all part of `input`.
  init?(of old: OAuthToken, to new: OAuthToken, by input: OAuthToken) {
    let secrets: [TokenField] = [.clientSecret, .refreshToken]
    // An empty text clears a secret without showing it.
    guard secrets.contains(where: { old.has($0) && !input.hasText(of: $0) }) else { return nil }
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
