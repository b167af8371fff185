internal import TokenVault

/// What a server has answered.
struct HTTPAnswer {
  let status: Int
  /// The media type, as the server has written it.
  let contentType: String?
  /// Seconds that the server wants to be left alone (RFC 9110, section 10.2.3); 0 where it does not say.
  let retryAfter: Int
  let body: AnswerBuffer

  /// What it means for the record (RFC 6749, sections 5.1 and 5.2).
  ///
  /// Throws `TokenEndpointError` where the server has refused, else `RefreshFailure`.
  func refreshAnswer() throws -> RefreshAnswer {
    switch status {
    case 200..<300: return try success()
    case 300..<400:
      throw RefreshFailure(
        "the server answered with a redirect (\(status)), which is not followed",
        mayHaveUsedToken: false)
    case 408, 425, 429:
      // Too early or too often (RFC 6585, section 4): no judgement of the token, whatever word is with it.
      let wish = retryAfter > 0 ? "; it wants to be asked again in \(retryAfter) s" : ""
      throw RefreshFailure(
        "the server answered with status \(status)\(wish)", mayHaveUsedToken: false)
    case 400..<500:
      if let refusal { throw refusal }
      throw RefreshFailure("the server answered with status \(status)", mayHaveUsedToken: false)
    default:
      // A server that has failed has not judged the token, whatever it says, and may have used it before.
      let word = refusal.map { " (\($0.code))" } ?? ""
      throw RefreshFailure("the server answered with status \(status)\(word)")
    }
  }

  /// Whether this is all of an answer, although its end did not come as it should: a JSON object that closes cannot
  /// be half of one.
  var isWhole: Bool {
    guard (200..<300).contains(status) else { return false }
    let bytes = body.bytes
    do { _ = try RefreshAnswer(json: bytes.span) } catch { return error is TokenEndpointError }
    return true
  }

  private func success() throws -> RefreshAnswer {
    let bytes = body.bytes
    do {
      return try RefreshAnswer(json: bytes.span)
    } catch let failure as RefreshFailure {
      guard let type = otherMediaType else { throw failure }
      throw RefreshFailure("the server answered with \(type) and not JSON")
    }
  }

  private var refusal: TokenEndpointError? {
    let bytes = body.bytes
    do { _ = try RefreshAnswer(json: bytes.span) } catch { return error as? TokenEndpointError }
    return nil
  }

  /// The media type, where the server says itself that it is not JSON.
  private var otherMediaType: String? {
    guard let type = contentType?.prefix(while: { $0 != ";" && $0 != " " }).lowercased() else {
      return nil
    }
    return type.isEmpty || type.hasSuffix("json") ? nil : type.visible(limit: 64)
  }
}
