internal import TokenRecords

/// The claims of a JSON Web Token (RFC 7519). Its signature is not checked: the program that wrote the file has.
enum JWTClaims {
  /// The claims; nil if the text is no token of this kind.
  static func of(_ token: String?) -> JSONTree? {
    let parts = token?.split(separator: ".", omittingEmptySubsequences: false) ?? []
    guard parts.count == 3, let bytes = Base64.decoded(parts[1]),
      let claims = try? JSONTree(bytes.span), case .object = claims
    else { return nil }
    return claims
  }
}
