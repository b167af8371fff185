/// A refusal by a token endpoint (RFC 6749, section 5.2).
public struct TokenEndpointError: Error, Sendable, Equatable {
  /// The error's word: `invalid_grant`, `invalid_client` …
  public let code: String
  /// What the server says of it, for a person.
  public let explanation: String?
  /// What the server means by it.
  public let meaning: Meaning

  /// What a refusal means for the next try.
  public enum Meaning: Sendable, Equatable {
    /// The server will never take this refresh token again.
    case rejectsRefreshToken
    /// The server may do it later.
    case isTemporary
    /// Anything else: the client, the request.
    case isOther
  }

  /// A refusal with this word. Whatever is no visible ASCII, or is a quote or a backslash, is left out of the word
  /// (RFC 6749, appendix A.7), what is no visible ASCII out of the explanation, and what is longer than 64 or 300
  /// characters is cut.
  ///
  /// Without `meaning`, the word decides: `invalid_grant` of the RFC, and what GitHub, Slack and Zoho say for it,
  /// reject the token; `temporarily_unavailable`, `server_error`, `slow_down`, and what servers say who are asked
  /// too often, pass.
  public init(code: String, explanation: String? = nil, meaning: Meaning? = nil) {
    self.code = code.visible(limit: 64).filter { !" \"\\".contains($0) }
    let explanation = explanation.map { $0.visible(limit: 300) }
    self.explanation = explanation?.isEmpty == false ? explanation : nil
    self.meaning = meaning ?? Self.meaning(of: self.code)
  }

  private static func meaning(of code: String) -> Meaning {
    if rejections.contains(code) { return .rejectsRefreshToken }
    return temporary.contains(code.lowercased()) ? .isTemporary : .isOther
  }

  private static let rejections: Set = [
    "invalid_grant", "bad_refresh_token", "invalid_refresh_token", "invalid_code",
  ]
  /// The last is Zoho's, for too many refreshes in a short time; without its blank.
  private static let temporary: Set = [
    "temporarily_unavailable", "server_error", "slow_down", "rate_limited", "ratelimited",
    "rate_limit_exceeded", "too_many_requests", "accessdenied",
  ]

  /// The error in an answer, if it is one. Some servers send it with the status of a success.
  init?(_ members: JSONMembers) {
    guard let code = members.text("error"), members.text("access_token") == nil else { return nil }
    self.init(code: code, explanation: members.text("error_description"))
  }

}

extension TokenEndpointError {
  /// The same without what repeats a secret of the record that was sent.
  package func withoutSecrets(of record: OAuthToken) -> TokenEndpointError {
    let isTold = Self.repeats(code, record)
    let explanation = explanation.flatMap { Self.repeats($0, record) ? nil : $0 }
    return TokenEndpointError(
      code: isTold ? "refused" : code, explanation: explanation, meaning: meaning)
  }

  /// Whether the text has the beginning of a secret in it, which is enough: it may have been cut in the middle.
  private static func repeats(_ text: String, _ record: OAuthToken) -> Bool {
    let secrets = TokenField.allCases.filter(\.isSecret).compactMap { record[$0] }
    return secrets.contains { secret in
      let start = String(secret.prefix(16))
      let sent = String(decoding: FormText.encoded(start), as: UTF8.self)
      return start.utf8.count >= 4 && (text.contains(start) || text.contains(sent))
    }
  }
}

extension String {
  /// The visible ASCII of another's words, and no more of it than this.
  package func visible(limit: Int) -> String {
    String(decoding: utf8.filter { (0x20...0x7E).contains($0) }.prefix(limit), as: UTF8.self)
  }
}

extension TokenEndpointError: CustomStringConvertible {
  /// The word, and the server's explanation behind it.
  public var description: String { explanation.map { "\(code): \($0)" } ?? code }
}
