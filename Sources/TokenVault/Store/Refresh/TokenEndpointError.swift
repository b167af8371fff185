/// A refusal by a token endpoint (RFC 6749, section 5.2).
public struct TokenEndpointError: Error, Sendable, Equatable {
  /// The error's word: `invalid_grant`, `invalid_client` …
  public let code: String
  /// What the server says of it, for a person.
  public let explanation: String?
  /// Whether the server has refused the refresh token itself, and so will never take it again.
  public let rejectsRefreshToken: Bool

  /// A refusal with this word. Whatever is no visible ASCII is left out of both texts, blanks, quotes and
  /// backslashes of the word too, and what is longer than
  /// 64 or 300 characters is cut.
  ///
  /// Without `rejectsRefreshToken`, the word decides: `invalid_grant` of the RFC, and what GitHub, Slack and
  /// Zoho say for it.
  public init(code: String, explanation: String? = nil, rejectsRefreshToken: Bool? = nil) {
    self.code = Self.visible(code, limit: 64).filter { !" \"\\".contains($0) }
    let explanation = explanation.map { Self.visible($0, limit: 300) }
    self.explanation = explanation?.isEmpty == false ? explanation : nil
    self.rejectsRefreshToken = rejectsRefreshToken ?? Self.rejections.contains(self.code)
  }

  private static let rejections: Set = [
    "invalid_grant", "bad_refresh_token", "invalid_refresh_token", "invalid_code",
  ]

  /// The error in an answer, if it is one. Some servers send it with the status of a success.
  init?(_ members: JSONMembers) {
    guard let code = members.text("error"), members.text("access_token") == nil else { return nil }
    self.init(code: code, explanation: members.text("error_description"))
  }

  private static func visible(_ text: String, limit: Int) -> String {
    let bytes = text.utf8.filter { (0x20...0x7E).contains($0) }.prefix(limit)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension TokenEndpointError: CustomStringConvertible {
  /// The word, and the server's explanation behind it.
  public var description: String { explanation.map { "\(code): \($0)" } ?? code }
}
