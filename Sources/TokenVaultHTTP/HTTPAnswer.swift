internal import TokenVault

struct HTTPAnswer {
  let status: Int
  /// The media type, as the server has written it.
  let contentType: String?
  /// Seconds to wait before the next request (RFC 9110, section 10.2.3); 0 if the server names none.
  let retryAfter: Int
  let body: AnswerBuffer

  /// What the answer means for the record (RFC 6749, sections 5.1 and 5.2).
  ///
  /// - Throws: ``TokenEndpointError`` if the server has refused, else ``RefreshFailure``.
  func refreshAnswer() throws -> RefreshAnswer {
    switch status {
    case 200..<300: return try success()
    case 300..<400:
      throw RefreshFailure(
        "the server answered with a redirect (\(status)), which is not followed",
        mayHaveUsedToken: false)
    case 408, 425, 429:
      // Too early or too often (RFC 6585, section 4): no judgement of the token, whatever the body says.
      let wish = retryAfter > 0 ? "; it wants to be asked again in \(retryAfter) s" : ""
      throw RefreshFailure(
        "the server answered with status \(status)\(wish)", mayHaveUsedToken: false)
    case 400..<500:
      if let refusal { throw refusal }
      throw RefreshFailure("the server answered with status \(status)", mayHaveUsedToken: false)
    default:
      // A server that fails has not judged the token, whatever the body says, and may have consumed it.
      let word = refusal.map { " (\($0.code))" } ?? ""
      throw RefreshFailure("the server answered with status \(status)\(word)")
    }
  }

  /// Whether the body is whole although the transfer did not end properly: a JSON object that closes is no part of one. A
  /// form may end within a token.
  var isWhole: Bool {
    let isObject = body.bytes.first { $0 > 0x20 } == UInt8(ascii: "{")
    guard (200..<300).contains(status), isObject else { return false }
    if case .success = parsed { return true }
    return refusal != nil
  }

  private func success() throws -> RefreshAnswer {
    do { return try parsed.get() } catch let failure as RefreshFailure {
      guard let type = otherMediaType else { throw failure }
      throw RefreshFailure("the server answered with \(type) and not JSON")
    }
  }

  private var refusal: TokenEndpointError? {
    if case .failure(let error) = parsed { error as? TokenEndpointError } else { nil }
  }

  private var parsed: Result<RefreshAnswer, any Error> {
    let bytes = body.bytes
    return Result { try RefreshAnswer(bytes.span) }
  }

  /// The media type, if the server itself says that it is not JSON.
  private var otherMediaType: String? {
    guard let type = contentType?.prefix(while: { $0 != ";" && $0 != " " }).lowercased() else {
      return nil
    }
    return type.isEmpty || type.hasSuffix("json") ? nil : type.visible(limit: 64)
  }
}
