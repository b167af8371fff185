public import TokenVault

/// Refreshes records by the refresh token grant (RFC 6749, section 6) over HTTPS.
///
/// The record itself says where: in its field `token_endpoint`, or, for a record of Zoho, by its `api_domain`. The URL
/// must be https, or http to this computer. `client_id` is required; the client authenticates as the field
/// `token_endpoint_auth_method` says (`client_secret_basic`, `client_secret_post` or `none`), and without that field by
/// `client_secret_post` at Zoho, by `client_secret_basic` elsewhere, and by `none` without a `client_secret`. `scope`
/// is not sent.
///
/// A client of the caller does the work (``init(timeout:post:)``), or else the system's libcurl, loaded on first use. It checks certificates, follows no redirect, and never
/// repeats a request. It uses the proxies of the environment (`https_proxy`, `no_proxy`), except to this computer.
public struct RefreshTokenGrant: Sendable {
  /// How long a refresh may take; the connection may take at most 10 s of it.
  public let timeout: Duration
  /// The path of a file of PEM certificates to trust in place of the system's.
  public let certificateAuthorities: String?
  private let post: (@Sendable (TokenEndpointPost) async throws -> TokenEndpointReply)?

  /// A grant with a time limit, and with certificates of its own if they are given.
  public init(timeout: Duration = .seconds(25), certificateAuthorities: String? = nil) {
    (self.timeout, self.certificateAuthorities) = (timeout, certificateAuthorities)
    post = nil
  }

  /// A grant over an HTTP client of the caller; libcurl is not loaded.
  ///
  /// The grant checks the URL, makes the form, authenticates the client, and judges the answer.
  ///
  /// - Parameters:
  ///   - timeout: How long a refresh may take, for `post` to keep.
  ///   - post: Sends the request once, without following redirects, and returns the answer, whatever its status. It throws
  ///     `RefreshFailure` with `mayHaveUsedToken: false` if it knows that nothing was sent; after every other error, the
  ///     server may have consumed the refresh token.
  public init(
    timeout: Duration = .seconds(25),
    post: @escaping @Sendable (TokenEndpointPost) async throws -> TokenEndpointReply
  ) {
    (self.timeout, certificateAuthorities, self.post) = (timeout, nil, post)
  }

  /// Asks the record's server for new tokens. If the task is cancelled, the call ends within about a second.
  ///
  /// - Throws: `TokenVaultError.notRenewable` if the record lacks what is needed; `TokenEndpointError`
  ///   if the server refuses; `RefreshFailure` for everything else, cancellation included: it tells whether the
  ///   refresh token may have been used.
  public func refresh(_ token: OAuthToken) async throws -> RefreshAnswer {
    if let post { return try await posted(token, post) }
    let cancellation = TransferCancellation()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        do {
          // A thread of the cooperative pool must not block.
          try RefreshThread.start {
            continuation.resume(with: Result { try answer(token, cancellation) })
          }
        } catch {
          continuation.resume(throwing: error)
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
  }

  /// Asks the record's server for new tokens, and blocks the thread until the answer is complete.
  ///
  /// - Throws: what ``refresh(_:)`` throws.
  @available(*, noasync, message: "it blocks the thread: use refresh")
  public func refreshAndWait(_ token: OAuthToken) throws -> RefreshAnswer {
    guard let post else { return try answer(token, TransferCancellation()) }
    return try TaskResult.wait { try await posted(token, post) }
  }

  private func posted(
    _ token: OAuthToken,
    _ post: @escaping @Sendable (TokenEndpointPost) async throws -> TokenEndpointReply
  ) async throws -> RefreshAnswer {
    do {
      let answer = try await PostedRefresh(timeout: timeout, post: post).answer(token)
      return try answer.refreshAnswer()
    } catch let problem as NotRenewable {
      throw TokenVaultError.notRenewable(id: token.id ?? "", reason: problem.reason)
    } catch let error as TokenEndpointError {
      throw error.withoutSecrets(of: token)
    }
  }

  private func answer(
    _ token: OAuthToken, _ cancellation: TransferCancellation
  ) throws -> RefreshAnswer {
    let libcurl = try Libcurl.loaded()
    let request: TokenEndpointRequest<TokenEndpoint>
    do { request = try TokenEndpointRequest(token, libcurl) } catch {
      throw TokenVaultError.notRenewable(id: token.id ?? "", reason: error.reason)
    }
    let answer = try RefreshTransfer(
      libcurl: libcurl, request: request, timeout: timeout,
      certificateAuthorities: certificateAuthorities, cancellation: cancellation
    ).answer()
    do { return try answer.refreshAnswer() } catch let error as TokenEndpointError {
      throw error.withoutSecrets(of: token)
    }
  }
}
