/// The limits of a vault, each of which can end a record. Without limits, a record lasts until it is deleted.
///
/// The vault does not return an ended record, and its `purge` deletes it. A save to it restarts its limits. Limits are
/// whole seconds, at least one: fractions are truncated.
public struct RetentionPolicy: Sendable, Hashable {
  /// The lifetime of a record from its first save, refreshed or not: the length of a session.
  public var maxAge: Duration? {
    get { maxAgeSeconds.map { .seconds($0) } }
    set { self[.maxAge] = newValue?.components.seconds }
  }
  /// The lifetime of a record from its last save or use.
  public var idle: Duration? {
    get { idleSeconds.map { .seconds($0) } }
    set { self[.idle] = newValue?.components.seconds }
  }
  /// The lifetime of a record from the end of its access token, if it cannot be refreshed: it has no refresh token, or
  /// one that the server has rejected.
  public var expired: Duration? {
    get { expiredSeconds.map { .seconds($0) } }
    set { self[.expired] = newValue?.components.seconds }
  }

  private var maxAgeSeconds: Int64?
  private var idleSeconds: Int64?
  private var expiredSeconds: Int64?

  /// No limits.
  public init() {}

  /// The kinds of limits.
  public enum Limit: String, Sendable, Hashable, CaseIterable {
    /// The record is too old.
    case maxAge = "max-age"
    /// The record was not used for too long.
    case idle
    /// The access token has ended, and no refresh can renew it.
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

  /// The interval in seconds at which uses are recorded, so that not each read is a write: an hour, or a tenth of
  /// `idle` if that is less. The true last use may be later by this, so `idle` counts from the latest possible
  /// moment.
  package var markInterval: Int64 { max(1, min(3600, (self[.idle] ?? .max) / 10)) }

  /// The limit that has ended a record by now, and since when; nil if none has.
  package func ended(_ token: OAuthToken, at now: VaultTime) -> EndedRecord? {
    isEndless ? nil : ended(token, at: now) { self[$0] }
  }

  /// As ``ended(_:at:)``, by other limits in seconds; 0 leaves no time at all.
  package func ended(
    _ token: OAuthToken, at now: VaultTime, by seconds: (Limit) -> Int64?
  ) -> EndedRecord? {
    for limit in Limit.allCases {
      guard let seconds = seconds(limit), let since = start(of: limit, for: token, now),
        let end = since.adding(seconds: seconds + (limit == .idle ? markInterval : 0)),
        end <= now.clock
      else { continue }
      return EndedRecord(
        id: token.id ?? "", userName: token.userName, limit: limit, since: since, seconds: seconds)
    }
    return nil
  }

  /// The start of a limit; nil if that is unknown.
  private func start(of limit: Limit, for token: OAuthToken, _ now: VaultTime) -> Timestamp? {
    switch limit {
    case .maxAge: token.history.firstSavedAt
    case .idle: now.isUndated(token.history) ? nil : token.history.lastKnownUse
    case .expired:
      token.isRenewable || token.hasUncertainEnd(at: now) ? nil : token.accessTokenEnd
    }
  }
}

extension RetentionPolicy {
  /// Whether the recorded last use is so old that a use at this moment must be recorded.
  package func isMarkDue(for history: RecordHistory, usedAt now: Timestamp) -> Bool {
    guard let last = history.lastKnownUse else { return false }
    return now.milliseconds(since: last) > markInterval * 1000
  }

  /// Whether the recorded last use is so near the end of `idle` that a use must be recorded within `seconds`.
  package func isNearIdle(
    _ history: RecordHistory, at now: Timestamp, within seconds: Int64
  ) -> Bool {
    guard let idle = self[.idle], let last = history.lastKnownUse else { return false }
    return now.milliseconds(since: last) > (idle + markInterval - seconds) * 1000
  }
}

extension OAuthToken {
  /// Whether there is a refresh token that its server has not rejected.
  package var isRenewable: Bool {
    has(.refreshToken) && history.refresh?.isRejected != true
  }
}
