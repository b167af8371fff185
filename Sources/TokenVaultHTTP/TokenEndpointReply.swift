internal import TokenVault

/// The answer of a token endpoint, as an HTTP client of the caller has received it.
public struct TokenEndpointReply: Sendable {
  let status: Int
  let contentType: String?
  let retryAfter: Int
  let body: [UInt8]

  /// An answer.
  ///
  /// - Parameters:
  ///   - status: The status code, also that of a redirect.
  ///   - contentType: The field `Content-Type`, if there is one; it only explains an answer that is not JSON.
  ///   - retryAfter: The seconds of the field `Retry-After`, if there is one.
  ///   - body: The bytes of the body. An answer longer than ``RefreshAnswer/sizeLimit`` is refused, so that a client need
  ///     not read more than one byte beyond it.
  public init(
    status: Int, contentType: String? = nil, retryAfter: Int? = nil, body: [UInt8]
  ) {
    (self.status, self.contentType) = (status, contentType)
    (self.retryAfter, self.body) = (max(retryAfter ?? 0, 0), body)
  }

  /// The same for what reads all answers.
  func httpAnswer() throws(RefreshFailure) -> HTTPAnswer {
    let buffer = AnswerBuffer()
    guard unsafe body.withUnsafeBytes({ unsafe buffer.append($0) }) else {
      throw RefreshFailure("the answer is longer than \(RefreshAnswer.sizeLimit) bytes")
    }
    return HTTPAnswer(
      status: status, contentType: contentType, retryAfter: retryAfter, body: buffer)
  }
}
