/// The limits of a vault: what ends a record. Without any, a record is kept and handed out until it is deleted.
///
/// A record that a limit has ended is no longer handed out, and `Vault.purge` deletes it. A save to it begins
/// it anew. Limits are whole seconds; smaller parts are cut off, and what is below a second counts as one.
public struct RetentionPolicy: Sendable, Hashable {
  /// How long a record lasts from when it was first saved, refreshed or not: the length of a session.
  public var maxAge: Duration? {
    get { maxAgeSeconds.map { .seconds($0) } }
    set { self[.maxAge] = newValue?.components.seconds }
  }
  /// How long a record lasts without being saved or handed out.
  public var idle: Duration? {
    get { idleSeconds.map { .seconds($0) } }
    set { self[.idle] = newValue?.components.seconds }
  }
  /// How long a record lasts after its access token has ended, if nothing can renew that: it has no refresh
  /// token, or one that the server has rejected.
  public var expired: Duration? {
    get { expiredSeconds.map { .seconds($0) } }
    set { self[.expired] = newValue?.components.seconds }
  }

  private var maxAgeSeconds: Int64?
  private var idleSeconds: Int64?
  private var expiredSeconds: Int64?

  /// No limits.
  public init() {}

  /// What can end a record.
  public enum Limit: String, Sendable, Hashable, CaseIterable {
    /// It is older than it may be.
    case maxAge = "max-age"
    /// It was not used for too long.
    case idle
    /// Its access token has ended, and nothing can renew it.
    case expired
  }

  /// The seconds of a limit, from 1 to `secondsLimit`; nil for none.
  package subscript(limit: Limit) -> Int64? {
    get {
      switch limit {
      case .maxAge: maxAgeSeconds
      case .idle: idleSeconds
      case .expired: expiredSeconds
      }
    }
    set {
      let seconds = newValue.map { min(max($0, 1), Self.secondsLimit) }
      switch limit {
      case .maxAge: maxAgeSeconds = seconds
      case .idle: idleSeconds = seconds
      case .expired: expiredSeconds = seconds
      }
    }
  }

  /// The longest limit: some 300 years.
  package static let secondsLimit: Int64 = 10_000_000_000
}

extension RetentionPolicy {
  /// Whether there is no limit.
  public var isEndless: Bool {
    maxAgeSeconds == nil && idleSeconds == nil && expiredSeconds == nil
  }

  /// How far a record's last use may lie behind what is noted of it: uses are noted at most this often, so that
  /// not each read is a write. An hour, or a tenth of `idle` where that is less. The limit counts from the
  /// latest moment that the record can have been used.
  package var noteInterval: Int64 { max(1, min(3600, (self[.idle] ?? .max) / 10)) }

  /// What has ended a record by now, and since when; nil where it lasts.
  package func ended(_ token: OAuthToken, at now: VaultTime) -> EndedRecord? {
    isEndless ? nil : ended(token, at: now) { self[$0] }
  }

  /// The same by other limits, in seconds, and 0 for what has no time left. Uses are noted as often as these
  /// limits say.
  package func ended(
    _ token: OAuthToken, at now: VaultTime, by seconds: (Limit) -> Int64?
  ) -> EndedRecord? {
    for limit in Limit.allCases {
      guard let seconds = seconds(limit), let since = start(of: limit, for: token, now),
        let end = since.adding(seconds: seconds + (limit == .idle ? noteInterval : 0)),
        end <= now.clock
      else { continue }
      return EndedRecord(
        id: token.id ?? "", userName: token.userName, limit: limit, since: since, seconds: seconds)
    }
    return nil
  }

  /// What a limit counts from; nil where that is unknown.
  private func start(of limit: Limit, for token: OAuthToken, _ now: VaultTime) -> Timestamp? {
    switch limit {
    case .maxAge: token.history.firstSavedAt
    case .idle: now.isUndated(token.history) ? nil : token.history.lastKnownUse
    case .expired:
      token.isRenewable || token.hasUncertainEnd(at: now) ? nil : token.expiresAt?.moment
    }
  }
}

extension RetentionPolicy {
  /// Whether a use at this moment lies so far behind what is noted that it is to be noted too.
  package func wantsNote(of history: RecordHistory, usedAt now: Timestamp) -> Bool {
    guard let last = history.lastKnownUse else { return false }
    return now.milliseconds(since: last) > noteInterval * 1000
  }

  /// Whether a record that is used now is so near the end of `idle`, as far as others know, that they are to be
  /// told within these seconds.
  package func isNearIdle(
    _ history: RecordHistory, at now: Timestamp, within seconds: Int64
  ) -> Bool {
    guard let idle = self[.idle], let last = history.lastKnownUse else { return false }
    return now.milliseconds(since: last) > (idle + noteInterval - seconds) * 1000
  }
}

extension OAuthToken {
  /// Whether there is a refresh token that its server has not rejected.
  package var isRenewable: Bool {
    self[.refreshToken] != nil && history.refresh?.isRejected != true
  }
}
