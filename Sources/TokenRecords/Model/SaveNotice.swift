/// An effect of a save that its caller may not expect.
@nonexhaustive public enum SaveNotice: Sendable, Equatable {
  /// The key matches this many records of one client, and the save changed the oldest.
  case oldestOfSeveral(count: Int)
  /// Refreshes now send the record's client secret and refresh token to another server.
  case endpointMoved(EndpointMove)
  /// The refresh token replaced one whose record differs in these fields: `scope`, `token_endpoint` or `api_domain`.
  case refreshTokenReplaced(differingIn: [String])
  /// The access token replaced another one.
  case accessTokenReplaced
  /// The import changed nothing: the stored access token ends as late as the given one, or later.
  case notLater
}
