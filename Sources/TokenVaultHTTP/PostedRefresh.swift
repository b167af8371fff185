internal import TokenVault
internal import VaultCrypto

/// A refresh over an HTTP client of the caller.
struct PostedRefresh {
  let timeout: Duration
  let post: @Sendable (TokenEndpointPost) async throws -> TokenEndpointReply

  /// The one request of a refresh, and its answer.
  ///
  /// - Throws: ``NotRenewable`` before anything is sent; else ``RefreshFailure``.
  func answer(_ token: OAuthToken) async throws -> HTTPAnswer {
    let request = try TokenEndpointRequest(token) { (url) throws(NotRenewable) in
      try PlainEndpoint(url)
    }
    var body = request.body()
    defer { body.cleanse() }
    let sent = TokenEndpointPost(
      url: request.endpoint.url, headers: headers(request), body: body, timeout: timeout)
    if Task.isCancelled { throw RefreshFailure("it was cancelled", mayHaveUsedToken: false) }
    let reply: TokenEndpointReply
    do { reply = try await post(sent) } catch { throw failure(error, of: sent, token) }
    return try reply.httpAnswer()
  }

  private func headers(
    _ request: TokenEndpointRequest<PlainEndpoint>
  ) -> [(name: String, value: String)] {
    var headers = [
      ("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded"),
      ("User-Agent", "TokenVault"),
    ]
    if case .basic(let id, let secret) = request.authentication {
      var pair = FormText.encoded(id.revealed)
      pair.append(UInt8(ascii: ":"))
      FormText.encode(secret.revealed, onto: &pair)
      defer { pair.cleanse() }
      headers.append(("Authorization", "Basic \(Base64.encode(pair))"))
    }
    return headers.map { (name: $0.0, value: $0.1) }
  }

  /// The client's own error, as a failed transfer. Only the client knows whether its request was sent, so that it must say
  /// if it was not.
  private func failure(
    _ error: any Error, of sent: TokenEndpointPost, _ token: OAuthToken
  ) -> RefreshFailure {
    switch error {
    case let failure as RefreshFailure: return failure
    case is CancellationError: return RefreshFailure("it was cancelled")
    default:
      let words = TokenEndpointError(code: "", explanation: "\(error)").withoutSecrets(of: token)
      let shown = words.explanation.flatMap { sent.hasAuthorization(in: $0) ? nil : $0 }
      return RefreshFailure("the call failed: \(shown ?? "\(type(of: error))".visible(limit: 64))")
    }
  }
}

extension TokenEndpointPost {
  /// Whether a text repeats the encoded id and secret of the Authorization header, or their beginning.
  fileprivate func hasAuthorization(in text: String) -> Bool {
    headers.contains { header in
      guard header.name == "Authorization" else { return false }
      return text.contains(header.value.dropFirst("Basic ".count).prefix(8))
    }
  }
}
