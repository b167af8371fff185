public import TokenVault

/// Refreshes records by the refresh token grant (RFC 6749, section 6) over HTTPS.
///
/// The record itself says where: in its field `token_endpoint`, or, for a record of Zoho, by its `api_domain`. The URL
/// must be https, or http to this computer. `client_id` is required; the client authenticates as the field
/// `token_endpoint_auth_method` says (`client_secret_basic`, `client_secret_post` or `none`), and without that field by
/// `client_secret_post` at Zoho, by `client_secret_basic` elsewhere, and by `none` without a `client_secret`. `scope`
/// is not sent.
///
/// The system's libcurl does the work, loaded on first use. It checks certificates, follows no redirect, and never
/// repeats a request. It uses the proxies of the environment (`https_proxy`, `no_proxy`), except to this computer.
public struct RefreshTokenGrant: Sendable {
  /// How long a refresh may take; the connection may take at most 10 s of it.
  public let timeout: Duration
  /// The path of a file of PEM certificates to trust in place of the system's.
  public let certificateAuthorities: String?

  /// A grant with a time limit, and with certificates of its own if they are given.
  public init(timeout: Duration = .seconds(25), certificateAuthorities: String? = nil) {
    (self.timeout, self.certificateAuthorities) = (timeout, certificateAuthorities)
  }

  /// Asks the record's server for new tokens. If the task is cancelled, the call ends within about a second.
  ///
  /// - Throws: `TokenVaultError.notRenewable` if the record lacks what is needed; `TokenEndpointError`
  ///   if the server refuses; `RefreshFailure` for everything else, cancellation included: it tells whether the
  ///   refresh token may have been used.
  public func refresh(_ token: OAuthToken) async throws -> RefreshAnswer {
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
    try answer(token, TransferCancellation())
  }

  private func answer(
    _ token: OAuthToken, _ cancellation: TransferCancellation
  ) throws -> RefreshAnswer {
    let libcurl = try Libcurl.loaded()
    let request: TokenEndpointRequest
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
