extension OAuthToken {
  /// Whether laying this over a record can change where that record's secrets go. Most saves cannot, and do not pay for
  /// the comparison.
  var mayMoveEndpoint: Bool { has(.apiDomain) || !attributes.isEmpty }

  /// What the caller of a save is told when this record becomes another one.
  func notices(
    ofChangeTo new: OAuthToken, _ move: EndpointMove?, matches: Int
  ) -> [SaveNotice] {
    var notices: [SaveNotice] = []
    if matches > 1 { notices.append(.oldestOfSeveral(count: matches)) }
    if let move { notices.append(.endpointMoved(move)) }
    if has(.refreshToken), new.has(.refreshToken), !hasSameRefreshToken(as: new) {
      let fields = grantFields(differingIn: new)
      if !fields.isEmpty { notices.append(.refreshTokenReplaced(differingIn: fields)) }
    }
    return notices
  }

  /// The fields that say what a refresh token is good for, and that are other ones in another record.
  private func grantFields(differingIn other: OAuthToken) -> [String] {
    var fields: [String] = []
    // The order of scopes means nothing (RFC 6749, section 3.3).
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
