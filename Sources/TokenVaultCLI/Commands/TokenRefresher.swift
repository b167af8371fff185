import Synchronization
import TokenVault
import TokenVaultHTTP

/// Refreshes records of one vault, by their servers or by a program.
struct TokenRefresher: Sendable {
  /// The vault, for what else there is to read.
  let vault: Vault
  private let minimumLifetime: Duration
  private let isForced: Bool
  private let needsRefreshToken: Bool
  private let refreshing: @Sendable (OAuthToken) throws -> RefreshAnswer

  /// Seconds that a call may take beyond its own limit, so that its own error comes first.
  private static let grace: Int64 = 2

  /// Opens the vault. `program` is what refreshes; where it is empty, that is the grant of RFC 6749, section 6.
  init(
    _ session: Session, minimumLifetime: TimeSpan, isForced: Bool = false, timeout: TimeSpan,
    program: [String] = []
  ) throws {
    var configuration = try session.configuration().configuration
    configuration.refreshTimeout = .seconds(timeout.seconds + Self.grace)
    vault = try Vault(configuration)
    self.minimumLifetime = .seconds(minimumLifetime.seconds)
    self.isForced = isForced
    needsRefreshToken = program.isEmpty
    let limit = Duration.seconds(timeout.seconds)
    if program.isEmpty {
      // As OpenSSL's own programs look for certificates that the system does not have.
      let grant = RefreshTokenGrant(
        timeout: limit, certificateAuthorities: Terminal.variable("SSL_CERT_FILE"))
      refreshing = { try grant.refreshAndWait($0) }
    } else {
      let program = RefreshProgram(program, within: limit) { SignalDeferral.isBrokenOff }
      refreshing = { try program.refresh($0) }
    }
    SignalDeferral.install(forPrograms: !program.isEmpty)
  }

  /// The record with a token that lives long enough, for whoever uses it now.
  func freshToken(for query: TokenQuery) throws -> FreshToken {
    let call = CallUnderWay()
    defer { call.end() }
    return try vault.waitForFreshToken(
      for: query, minimumLifetime: minimumLifetime, force: isForced
    ) { try call.run(refreshing, on: $0) }
  }

  /// Whether a record is due and has nothing to be refreshed with.
  func cannotRefresh(_ token: OAuthToken) -> Bool {
    guard needsRefreshToken, token.refreshToken == nil else { return false }
    return isForced || !token.isGood(for: minimumLifetime.components.seconds, at: vault.time())
  }

  /// The same for whoever keeps it fresh: no use of the record.
  ///
  /// With `triesRejected`, a refresh token is sent even if the server has rejected it before.
  func keepFresh(_ query: TokenQuery, triesRejected: Bool = false) throws -> FreshToken {
    let call = CallUnderWay()
    defer { call.end() }
    return try vault.keepFresh(
      query, minimumLifetime: minimumLifetime, force: isForced, triesRejected: triesRejected
    ) { try call.run(refreshing, on: $0) }
  }
}

/// Whether a call was begun on behalf of one caller.
private final class CallUnderWay: Sendable {
  private let isBegun = Atomic(false)

  func run(
    _ refreshing: (OAuthToken) throws -> RefreshAnswer, on record: OAuthToken
  ) throws -> RefreshAnswer {
    if !isBegun.exchange(true, ordering: .relaxed) { SignalDeferral.begin() }
    return try refreshing(record)
  }

  func end() {
    if isBegun.exchange(false, ordering: .relaxed) { SignalDeferral.end() }
  }
}
