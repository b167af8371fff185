extension OAuthToken {
  /// The tokens of a token endpoint's answer (RFC 6749, section 5.1), with their type, scope and end, to be saved for the
  /// user and client that the caller sets.
  ///
  /// Nothing else comes from the answer: neither whose record it is, nor where it is refreshed.
  ///
  /// - Parameters:
  ///   - answer: JSON, or a form, in UTF-8.
  ///   - received: When it was received, so that its lifetime counts from then; the current time by default.
  /// - Throws: ``TokenEndpointError`` if the server has refused; ``RefreshFailure`` for anything else without a token.
  public init(answer text: Span<UInt8>, at received: Timestamp? = nil) throws {
    let answer = try RefreshAnswer(text, now: received)
    guard answer.record.has(.accessToken) || answer.record.has(.refreshToken) else {
      throw RefreshFailure(answer.problem ?? "the answer has no token")
    }
    self = answer.record
    self[.apiDomain] = nil
  }
}
