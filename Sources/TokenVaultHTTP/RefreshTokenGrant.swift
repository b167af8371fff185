public import TokenVault

/// Refreshes records by the refresh token grant (RFC 6749, section 6), over HTTPS.
///
/// A record says itself where: in the unknown field `token_endpoint`, or, for one of Zoho's, by its `api_domain`.
/// The URL must be https, or http to this computer. `client_id` must be there; the client authenticates as the
/// unknown field `token_endpoint_auth_method` says (`client_secret_basic`, `client_secret_post` or `none`), and
/// without it by `client_secret_post` at Zoho, by `client_secret_basic` elsewhere, by `none` without a
/// `client_secret`. `scope` is not sent.
///
/// The system's libcurl does the work, loaded when it is first needed. Certificates are checked, redirects are not
/// followed, a request is never sent twice. The proxies of the environment (`https_proxy`, `no_proxy`) are used,
/// except to this computer.
public struct RefreshTokenGrant: Sendable {
  /// How long a refresh may take, connecting included, for which there are at most 10 s of it.
  public let timeout: Duration
  /// The path of a file of certificates in PEM, to be trusted in place of the system's.
  public let certificateAuthorities: String?

  /// A grant with these limits.
  public init(timeout: Duration = .seconds(25), certificateAuthorities: String? = nil) {
    (self.timeout, self.certificateAuthorities) = (timeout, certificateAuthorities)
  }

  /// Asks the record's server for new tokens.
  ///
  /// Throws `TokenVaultError.notRenewable` where the record lacks what is needed, `TokenEndpointError` where the
  /// server refuses, `RefreshFailure` for all else. Cancelling the task ends the call within about a second, with
  /// a `RefreshFailure` that tells whether the refresh token may have been used.
  public func refresh(_ token: OAuthToken) async throws -> RefreshAnswer {
    let cancellation = TransferCancellation()
    return try await withTaskCancellationHandler {
      // It waits, which a thread of Swift's own must not.
      try await DetachedThread.run { try answer(token, cancellation) }
    } onCancel: {
      cancellation.cancel()
    }
  }

  /// Asks the record's server for new tokens, and keeps the thread until they are here.
  ///
  /// Throws what `refresh` throws.
  @available(*, noasync, message: "it blocks the thread: use refresh")
  public func refreshAndWait(_ token: OAuthToken) throws -> RefreshAnswer {
    try answer(token, TransferCancellation())
  }

  private func answer(
    _ token: OAuthToken, _ cancellation: TransferCancellation
  ) throws -> RefreshAnswer {
    let libcurl = try Libcurl.loaded()
    let request: TokenEndpointRequest
    do { request = try TokenEndpointRequest(token, libcurl) } catch {
      throw error.error(for: token)
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
