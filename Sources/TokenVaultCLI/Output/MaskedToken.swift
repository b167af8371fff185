import TokenVault

/// Records with a mask in the place of their secrets.
enum MaskedToken {
  static let mask = "********"

  /// The record with a mask for each secret; unknown fields count as secret, but for those that say where and how the
  /// record is refreshed.
  static func mask(_ token: OAuthToken) -> OAuthToken {
    var masked = token
    for field in TokenField.allCases where field.isSecret && token.has(field) {
      masked[field] = mask
    }
    for attribute in token.attributes where !isPlain(attribute) {
      masked.attributes[attribute.name] = .text(Secret(mask))
    }
    return masked
  }

  /// Whether it is a field of the refresh grant without a place for a secret: a URL may have a password or a key in it.
  private static func isPlain(_ attribute: TokenAttributes.Element) -> Bool {
    guard case .text(let text) = attribute.value else { return false }
    switch attribute.name {
    case OAuthToken.tokenEndpointName: return text.revealed.isPlainURL
    case OAuthToken.tokenEndpointMethodName: return text.revealed.isPlainName
    default: return false
    }
  }

  /// Refuses records that `find` printed without `--reveal`: a save would overwrite the secrets with masks.
  static func refuse(_ tokens: [OAuthToken]) throws {
    for (index, token) in tokens.enumerated() {
      let fields = TokenField.allCases.filter { $0.isSecret && token.has(mask, in: $0) }.map(\.name)
      let others = token.attributes.filter { $0.value == .text(Secret(mask)) }.map(\.name)
      guard let name = (fields + others).first else { continue }
      throw Failure(
        .other, "record \(index + 1): '\(name)' is the mask that find and list print, not a value",
        hint: "print the values with --reveal")
    }
  }

  static func secrets(of token: OAuthToken) -> [String] {
    TokenField.allCases.filter { $0.isSecret && token.has($0) }.map(\.name)
  }
}
