import TokenVault

/// Records with a mask in the place of their secrets.
enum MaskedToken {
  static let mask = "********"

  /// The record with a mask for each secret; unknown fields count as secret.
  static func mask(_ token: OAuthToken) -> OAuthToken {
    var masked = token
    for field in TokenField.allCases where field.isSecret && token.has(field) {
      masked[field] = mask
    }
    for attribute in token.attributes {
      masked.attributes[attribute.name] = .text(Secret(mask))
    }
    return masked
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
