/// A refusal by a token endpoint (RFC 6749, section 5.2).
public struct TokenEndpointError: Error, Sendable, Equatable {
  /// The error code: `invalid_grant`, `invalid_client` …
  public let code: String
  /// What the server says of the error, for a person.
  public let explanation: String?
  /// What the refusal means for the next try.
  public let meaning: Meaning

  /// What a refusal means for the next try.
  public enum Meaning: Sendable, Equatable {
    /// The server will never accept this refresh token again.
    case rejectsRefreshToken
    /// A later request may succeed.
    case isTemporary
    /// Anything else, such as a wrong client or request.
    case isOther
  }

  /// A refusal by a server.
  ///
  /// - Parameters:
  ///   - code: the error code. Only visible ASCII is kept, without quotes and backslashes (RFC 6749, appendix A.7), and
  ///     at most 64 characters.
  ///   - explanation: the server's explanation. Only visible ASCII is kept, at most 300 characters.
  ///   - meaning: by default, the code decides: `invalid_grant` and its variants of GitHub, Slack and Zoho reject the
  ///     token; `temporarily_unavailable`, `server_error`, `slow_down` and the codes for too many requests are
  ///     temporary.
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
  /// The last is Zoho's "Access Denied", for too many refreshes in a short time, without its blank.
  private static let temporary: Set = [
    "temporarily_unavailable", "server_error", "slow_down", "rate_limited", "ratelimited",
    "rate_limit_exceeded", "too_many_requests", "accessdenied",
  ]

  /// The error that an answer is, if it is one. Some servers send it with the status of a success.
  init?(_ answer: OAuthToken) {
    func text(_ name: String) -> String? {
      guard case .text(let text) = answer.attributes[name] else { return nil }
      return text.revealed.isEmpty ? nil : text.revealed
    }
    guard let code = text("error"), !answer.hasText(of: .accessToken) else { return nil }
    self.init(code: code, explanation: text("error_description"))
  }
}

extension TokenEndpointError {
  /// The same error, without a code or an explanation that repeats a secret of the record that was sent.
  package func withoutSecrets(of record: OAuthToken) -> TokenEndpointError {
    let isSecret = Self.repeats(code, record)
    let explanation = explanation.flatMap { Self.repeats($0, record) ? nil : $0 }
    return TokenEndpointError(
      code: isSecret ? "refused" : code, explanation: explanation, meaning: meaning)
  }

  /// Whether the text contains the start of a secret; the rest may have been cut.
  private static func repeats(_ text: String, _ record: OAuthToken) -> Bool {
    TokenField.allCases.filter(\.isSecret).compactMap { record.start(of: $0) }.contains { start in
      let sent = String(decoding: FormText.encoded(start), as: UTF8.self)
      return start.utf8.count >= 4 && (text.contains(start) || text.contains(sent))
    }
  }
}

extension String {
  /// The visible ASCII of a text from outside, at most `limit` characters.
  package func visible(limit: Int) -> String {
    String(decoding: utf8.filter { (0x20...0x7E).contains($0) }.prefix(limit), as: UTF8.self)
  }
}

extension TokenEndpointError: CustomStringConvertible {
  /// The code, and the server's explanation behind it.
  public var description: String { explanation.map { "\(code): \($0)" } ?? code }
}
