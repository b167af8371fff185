/// The time of the host's clock, and what the vault knows about that clock.
///
/// A host without a clock battery starts in 1970, and any clock may be set wrong. Nothing in a vault is older than
/// its data key, so a clock before the key's time is wrong, or was wrong when the key was made. A record whose own
/// times lie ahead of the clock shows the same.
package struct VaultTime: Sendable {
  /// The clock's time. The end of an access token is compared with it, right or wrong: `expires_in` was added to it.
  package let clock: Timestamp
  /// When the data-encryption key was made; nil for a store without one.
  let keyMade: Timestamp?

  /// How far correct clocks may differ, in seconds: time services correct them in steps.
  static let tolerance: Int64 = 300

  package init(clock: Timestamp, keyMade: Timestamp? = nil) {
    (self.clock, self.keyMade) = (clock, keyMade)
  }

  /// The hint of errors for a clock before the time of the data key.
  package static let remedy =
    "set the clock; if it is right, and was wrong when the key was made: tokenvault rotate --accept-clock"

  /// Whether the clock is before the time of the data key.
  package var isBehind: Bool { keyMade.map { clock < $0 } ?? false }

  /// The time to stamp with; nil if the clock is so far before the data key that the time is unknown.
  var known: Timestamp? { isUnknown ? nil : stamp }

  /// The time to stamp with if one must be written: never before the data key's, and equal to it if it is unknown.
  package var stamp: Timestamp {
    guard let keyMade, clock <= keyMade else { return clock }
    return isUnknown ? keyMade : Timestamp(unchecked: keyMade.millisecondsSince1970 + 1)
  }

  private var isUnknown: Bool {
    keyMade.map { $0.milliseconds(since: clock) > Self.tolerance * 1000 } ?? false
  }

  /// Whether a stamp lies so far ahead that the clock is wrong now, or was then; that of an unknown time never does.
  func isAhead(_ stamp: Timestamp) -> Bool {
    stamp.milliseconds(since: clock) > Self.tolerance * 1000 && stamp != keyMade
  }

  /// Whether it is unknown when the record was last saved or used.
  package func isUndated(_ history: RecordHistory) -> Bool {
    guard let keyMade else { return false }
    return history.lastKnownUse.map { $0 == keyMade } ?? true
  }
}

extension RecordHistory {
  /// Records a save. `beginsAnew` restarts the vault's limits.
  mutating func markSaved(at time: VaultTime, beginsAnew: Bool) {
    if beginsAnew || firstSavedAt == nil || isFirstSaveAhead(of: time) { firstSavedAt = time.known }
    lastUsedAt = time.stamp
  }

  /// Records a refresh, which counts as no use and restarts no limit; it only replaces times that are unknown or wrong,
  /// because the end of the new access token is measured by the present clock.
  mutating func markRefreshed(at time: VaultTime) {
    if firstSavedAt == nil || isFirstSaveAhead(of: time) { firstSavedAt = time.known }
    if time.isUndated(self) || lastKnownUse.map(time.isAhead) == true { lastUsedAt = time.stamp }
  }

  /// A clock that is known to be behind proves nothing against the time of the first save.
  private func isFirstSaveAhead(of time: VaultTime) -> Bool {
    !time.isBehind && firstSavedAt.map(time.isAhead) == true
  }

  /// Whether the last known use, or a time of the refresh state, lies ahead of the clock.
  fileprivate func isAhead(of time: VaultTime) -> Bool {
    if lastKnownUse.map(time.isAhead) == true { return true }
    return refresh?.times.contains(where: time.isAhead) == true
  }
}

extension OAuthToken {
  /// Whether the end of the access token is readable but not to be trusted: the clock was wrong at the save, or is now.
  package func hasUncertainEnd(at time: VaultTime) -> Bool {
    accessTokenEnd.map { isUncertain($0, at: time) } ?? false
  }

  private func isUncertain(_ end: Timestamp, at time: VaultTime) -> Bool {
    if history.isAhead(of: time) { return true }
    // The clock was before the data key at the save, and is right again.
    guard let keyMade = time.keyMade, !time.isBehind, end < keyMade else { return false }
    return time.isUndated(history)
  }

  /// Whether the access token is valid for at least `seconds` more. A token without an end is good; one with an
  /// unknown, unreadable or uncertain end is not.
  package func isGood(for seconds: Int64, at time: VaultTime) -> Bool {
    lives(for: seconds, at: time.clock) { !isUncertain($0, at: time) }
  }

  /// Whether the access token is valid by its end, if `isTrusted` accepts that end.
  package func lives(
    for seconds: Int64, at clock: Timestamp, if isTrusted: (Timestamp) -> Bool = { _ in true }
  ) -> Bool {
    guard has(.accessToken) else { return false }
    guard has(.expiresAt) else { return true }
    guard let end = accessTokenEnd, isTrusted(end) else { return false }
    let left = end.milliseconds(since: clock)
    return left > 0 && left / 1000 >= seconds
  }

  /// The moment in `expires_at`, if it is one.
  var accessTokenEnd: Timestamp? { withText(of: .expiresAt) { Timestamp($0) } ?? nil }
}
