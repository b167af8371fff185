import TokenVault
import TokenVaultHTTP

/// Refreshes records of one vault, by their servers or by a program.
struct TokenRefresher: Sendable {
  let vault: Vault
  let minimumLifetime: TimeSpan
  private let isForced: Bool
  private let needsRefreshToken: Bool
  private let refreshing: @Sendable (OAuthToken) throws -> RefreshAnswer

  /// Seconds that the vault waits for a call beyond the call's own limit, so that the call's error comes first.
  private static let grace: Int64 = 2

  /// Opens the vault. `program` is what refreshes; an empty one stands for the grant of RFC 6749, section 6.
  init(
    _ session: Session, minimumLifetime: TimeSpan, isForced: Bool = false, timeout: TimeSpan,
    program: [String] = []
  ) throws {
    var configuration = try session.configuration()
    configuration.refreshTimeout = timeout.duration + .seconds(Self.grace)
    vault = try Vault(configuration)
    (self.minimumLifetime, self.isForced) = (minimumLifetime, isForced)
    needsRefreshToken = program.isEmpty
    if program.isEmpty {
      // SSL_CERT_FILE, as OpenSSL's own programs read it: certificates that the system does not have.
      let grant = RefreshTokenGrant(
        timeout: timeout.duration, certificateAuthorities: Terminal.variable("SSL_CERT_FILE"))
      refreshing = { try grant.refreshAndWait($0) }
    } else {
      let program = RefreshProgram(program, within: timeout.duration) {
        SignalDeferral.isBrokenOff
      }
      refreshing = { try program.refresh($0) }
    }
    SignalDeferral.install(forPrograms: !program.isEmpty)
  }

  /// The record with a token that lives long enough; counts as a use of the record.
  func freshToken(for query: TokenQuery) throws -> FreshToken {
    let call = DeferredCall(refreshing)
    defer { call.end() }
    return try vault.waitForFreshToken(
      for: query, minimumLifetime: minimumLifetime.duration, force: isForced,
      refreshing: call.run)
  }

  /// The same, but no use of the record.
  ///
  /// With `triesRejected`, a refresh token is sent even if the server has rejected it before.
  func keepFresh(_ query: TokenQuery, triesRejected: Bool = false) throws -> FreshToken {
    let call = DeferredCall(refreshing)
    defer { call.end() }
    return try vault.keepFresh(
      query, minimumLifetime: minimumLifetime.duration, force: isForced,
      triesRejected: triesRejected, refreshing: call.run)
  }

  /// Whether a record is due and has no refresh token.
  func cannotRefresh(_ token: OAuthToken) -> Bool {
    guard needsRefreshToken, !token.has(.refreshToken) else { return false }
    return isForced || !token.isGood(for: minimumLifetime.seconds, at: vault.time())
  }
}
