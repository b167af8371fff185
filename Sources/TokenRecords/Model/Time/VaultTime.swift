/// A moment as a vault reckons with it: what the clock of the host says, and what the vault knows of that clock.
///
/// A host without a battery for its clock starts in 1970, and any clock may be set wrong. Nothing in a vault is
/// older than its data key, so a clock that lies before the time of the key is wrong, or was wrong when the key
/// was made. A record whose own times lie ahead of the clock shows the same.
package struct VaultTime: Sendable {
  /// What the clock says. The end of an access token is measured by it, right or wrong: what `expires_in`
  /// says was added to it too.
  package let clock: Timestamp
  /// When the data key was made; nil for a store without one.
  let keyMade: Timestamp?

  /// How far clocks differ that are right, in seconds: they are corrected by steps now and then.
  static let tolerance: Int64 = 300

  package init(clock: Timestamp, keyMade: Timestamp? = nil) {
    (self.clock, self.keyMade) = (clock, keyMade)
  }

  /// What to do where the clock lies before the time of the data key.
  package static let remedy =
    "set the clock; if it is right, and was wrong when the key was made: tokenvault rotate --accept-clock"

  /// Whether the clock lies before the time of the data key.
  package var isBehind: Bool { keyMade.map { clock < $0 } ?? false }

  /// The time to stamp with; nil where the clock lies so far before the data key that the time is unknown.
  var known: Timestamp? { isUnknown ? nil : stamp }

  /// The time to stamp with where some time has to be written: never before the data key was made, and exactly
  /// when it was made where the time is unknown.
  package var stamp: Timestamp {
    guard let keyMade, clock <= keyMade else { return clock }
    return isUnknown ? keyMade : Timestamp(unchecked: keyMade.millisecondsSince1970 + 1)
  }

  private var isUnknown: Bool {
    keyMade.map { $0.milliseconds(since: clock) > Self.tolerance * 1000 } ?? false
  }

  /// Whether a stamp lies so far ahead of the clock that the clock is wrong now, or was wrong then. That of an unknown
  /// time does not.
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
  /// Notes a save. `beginsAnew` says that the limits of the vault count from now on.
  mutating func noteSave(at time: VaultTime, beginsAnew: Bool) {
    if beginsAnew || firstSavedAt == nil || isFirstSaveAhead(of: time) { firstSavedAt = time.known }
    lastUsedAt = time.stamp
  }

  /// Notes a refresh, which is no use, and begins nothing anew; it only puts a time in the place of one that was
  /// unknown or is wrong. The end of the new access token is told by the clock of now.
  mutating func noteRefresh(at time: VaultTime) {
    if firstSavedAt == nil || isFirstSaveAhead(of: time) { firstSavedAt = time.known }
    if time.isUndated(self) || lastKnownUse.map(time.isAhead) == true { lastUsedAt = time.stamp }
  }

  /// Where the clock is known to be behind, the time of the first save is the one that is right.
  private func isFirstSaveAhead(of time: VaultTime) -> Bool {
    !time.isBehind && firstSavedAt.map(time.isAhead) == true
  }

  /// Whether a time of this record lies ahead of the clock, other than that of the first save where a later time
  /// is known.
  fileprivate func isAhead(of time: VaultTime) -> Bool {
    if lastKnownUse.map(time.isAhead) == true { return true }
    return refresh?.times.contains(where: time.isAhead) == true
  }
}

extension OAuthToken {
  /// Whether it is unknown when the access token ends, although its end can be read: the clock was wrong when it
  /// was saved, or is wrong now.
  package func hasUncertainEnd(at time: VaultTime) -> Bool {
    guard let end = expiresAt?.moment else { return false }
    if history.isAhead(of: time) { return true }
    // By a clock that lay before the data key, which is right again.
    guard let keyMade = time.keyMade, !time.isBehind, end < keyMade else { return false }
    return time.isUndated(history)
  }

  /// Whether there is an access token that lives for so many seconds yet. One whose end nobody has told is good; one
  /// whose end cannot be read, or is uncertain, is not.
  package func isGood(for seconds: Int64, at time: VaultTime) -> Bool {
    lives(for: seconds, at: time.clock) && !hasUncertainEnd(at: time)
  }

  /// Whether the access token lives, as far as its end says.
  package func lives(for seconds: Int64, at clock: Timestamp) -> Bool {
    guard accessToken != nil else { return false }
    switch expiresAt {
    case nil: return true
    case .unreadable: return false
    case .at(let end):
      let left = end.milliseconds(since: clock)
      return left > 0 && left / 1000 >= seconds
    }
  }
}
