/// Something that a save did and that its caller may not expect.
@nonexhaustive public enum SaveNotice: Sendable, Equatable {
  /// The key fits this many records of one client, and the save took the oldest.
  case oldestOfSeveral(count: Int)
  /// The client secret and the refresh token of the record go to another server from now on.
  case endpointMoved(EndpointMove)
  /// The refresh token took the place of one that differs in these fields too: `scope`, `token_endpoint` or `api_domain`.
  case refreshTokenReplaced(differingIn: [String])
}
