import TokenVault

/// Warnings about a record that a command prints or uses.
enum RecordWarning {
  /// Names the record that was used, if the key matches several records of one client; nil for one.
  static func ambiguity(oldest id: String?, among count: Int) -> String? {
    guard count > 1 else { return nil }
    return "warning: \(count) tokens of one client match; the oldest is used: '\(id ?? "")'"
  }

  /// Why the expiry of an access token is unknown.
  static let wrongClock = "the clock was wrong when it was saved, or is wrong now"

  /// Says that the expiry of an access token is unknown; nil if it is known.
  static func uncertainExpiry(of token: OAuthToken, at now: VaultTime) -> String? {
    guard token.hasUncertainEnd(at: now) else { return nil }
    return
      "warning: the expiry of this access token is unknown: \(wrongClock), and says \(now.clock)"
  }

  /// The same, or says that the access token has expired.
  static func expiry(of token: OAuthToken, at now: VaultTime) -> String? {
    if let warning = uncertainExpiry(of: token, at: now) { return warning }
    if token.expiresAt == .unknown { return "warning: the expiry of this access token is unknown" }
    guard let moment = token.expiresAt?.moment, moment <= now.clock else { return nil }
    return "warning: this access token expired \(TimeText.distance(to: moment, from: now.clock))"
  }
}
