extension OAuthToken {
  /// Whether merging this record can change the server of the other's secrets. Most saves cannot: no comparison.
  var mayMoveEndpoint: Bool { has(.apiDomain) || !attributes.isEmpty }

  /// The notices of a save that changes this record to `new`.
  func notices(
    ofChangeTo new: OAuthToken, _ move: EndpointMove?, matches: Int
  ) -> [SaveNotice] {
    var notices: [SaveNotice] = []
    if matches > 1 { notices.append(.oldestOfSeveral(count: matches)) }
    if let move { notices.append(.endpointMoved(move)) }
    if has(.refreshToken), new.has(.refreshToken), !hasSameText(.refreshToken, as: new) {
      let fields = grantFields(differingIn: new)
      if !fields.isEmpty { notices.append(.refreshTokenReplaced(differingIn: fields)) }
    }
    return notices
  }

  /// The differing fields among those that decide where a refresh token is valid and for what.
  private func grantFields(differingIn other: OAuthToken) -> [String] {
    var fields: [String] = []
    // The order of scopes does not matter (RFC 6749, section 3.3).
    if scopes != other.scopes { fields.append(TokenField.scope.name) }
    let name = Self.tokenEndpointName
    if attributes[name] != other.attributes[name] { fields.append(name) }
    if !hasSameText(.apiDomain, as: other) { fields.append(TokenField.apiDomain.name) }
    return fields
  }

  private var scopes: Set<ExactText> {
    Set((scope ?? "").split(separator: " ").map { ExactText(String($0)) })
  }
}
