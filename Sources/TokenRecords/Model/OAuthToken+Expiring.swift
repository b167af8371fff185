extension OAuthToken {
  /// Whether the access token ends within this time, has ended, or is missing; also if its end is unknown or no time. A
  /// token without an end does not expire.
  ///
  /// This compares the record's own `expires_at` with the clock. A vault also takes a wrong clock into account
  /// (`Vault.freshToken`).
  ///
  /// - Parameters:
  ///   - time: The time that the token must still live, rounded up to whole seconds.
  ///   - now: The current time by default.
  public func expires(in time: Duration, at now: Timestamp = .now) -> Bool {
    let (seconds, rest) = time.components
    return !lives(
      for: max(seconds, 0) + (seconds >= 0 && seconds < .max && rest > 0 ? 1 : 0), at: now)
  }
}
