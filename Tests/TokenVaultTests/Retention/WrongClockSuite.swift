import Testing

@testable import TokenVault

/// Tests of a vault whose clock was wrong, before it is set right.
protocol WrongClockSuite {
  var directory: TemporaryDirectory { get }
  var clock: SettableClock { get }
  var server: HourlyServer { get }
}

extension WrongClockSuite {
  static var day: Int64 { 86_400 }
  static var year1970: Timestamp { moment(86_400_000) }
  /// In the year 2035.
  static var ahead: Timestamp { moment(2_051_222_400_000) }
  var query: TokenQuery { TokenQuery(userName: "a") }
  var configuration: VaultConfiguration { directory.configuration(clock) }

  /// A vault with these limits in days, whose data key is as many days old.
  func vault(
    _ format: RecordFormat = .json, keyAge: Int64 = 80, limits: Int64? = 30
  ) throws -> Vault {
    let vault = try Vault.create(configuration, format: format)
    var policy = RetentionPolicy()
    policy.maxAge = limits.map { .seconds($0 * Self.day) }
    (policy.idle, policy.expired) = (policy.maxAge, policy.maxAge)
    try vault.setPolicy(policy)
    clock.advance(seconds: keyAge * Self.day)
    return vault
  }

  /// A record whose access token ends an hour after what the clock says.
  func record(_ access: String, refresh: String? = "r") throws -> OAuthToken {
    var record = try token(#"{"user_name":"a","access_token":"\#(access)"}"#)
    record[.refreshToken] = refresh
    record.expiresAt = clock.now.adding(seconds: 3600).map { .at($0) }
    return record
  }

  /// A fresh token of the record.
  func fresh(_ vault: Vault) async throws -> FreshToken {
    let (server, clock) = (server, clock)
    return try await vault.freshToken(for: query) { try server.refresh($0, now: clock.now) }
  }

  /// The same, where so many calls were made then.
  func access(
    _ vault: Vault, calls count: Int, _ location: SourceLocation = #_sourceLocation
  ) async throws -> String? {
    let fresh = try await fresh(vault)
    #expect(server.calls == count, sourceLocation: location)
    return fresh.token.accessToken?.revealed
  }

  func save(_ access: String, refresh: String? = "r", in vault: Vault) throws {
    try vault.save(record(access, refresh: refresh))
  }
}
