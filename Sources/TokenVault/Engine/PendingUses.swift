/// The uses of records that an open vault has not written yet.
///
/// A use is pending if what is stored lies far behind it (``RetentionPolicy/markInterval``). One transaction writes all
/// pending uses, at most once a minute, so that reads cost a write now and then, and not each time.
struct PendingUses: Sendable {
  /// When to write the pending uses.
  enum Writing: Sendable, Equatable {
    /// Not at this call: there are none, or another call has scheduled them.
    case none
    /// At once, by the caller.
    case now
    /// In so many seconds, by the caller.
    case later(seconds: Int64)
  }

  private var uses: [String: Timestamp] = [:]
  private var lastTry: Timestamp?
  private var isScheduled = false

  var isEmpty: Bool { uses.isEmpty }
  /// The ids of the used records.
  var ids: [String] { Array(uses.keys) }

  /// Marks a record as used, also in the table if it is there, which is then ahead of the disk.
  mutating func markUsed(
    _ token: OAuthToken, at now: Timestamp, in table: inout TokenTable
  ) -> Writing {
    let policy = table.policy
    guard let id = token.id, policy.isMarkDue(for: token.history, usedAt: now) else {
      return uses.isEmpty ? .none : next(at: now, policy)
    }
    uses[id] = now
    table.updateHistory(id: id) { $0.lastUsedAt = now }
    // Twice the interval: a scheduled write may be late.
    let isUrgent = policy.isNearIdle(token.history, at: now, within: 2 * Self.interval(policy))
    return next(at: now, policy, isUrgent: isUrgent)
  }

  /// How far apart writes are, in seconds.
  private static func interval(_ policy: RetentionPolicy) -> Int64 { min(60, policy.markInterval) }

  private mutating func next(
    at now: Timestamp, _ policy: RetentionPolicy, isUrgent: Bool = false
  ) -> Writing {
    let interval = Self.interval(policy)
    // A clock that was set back ends the wait, too.
    let isWaiting = lastTry.map { (0..<interval * 1000).contains(now.milliseconds(since: $0)) }
    guard isUrgent || isWaiting != true else { return retry(policy) }
    lastTry = now
    return .now
  }

  /// When to write the uses after an attempt that could not.
  mutating func retry(_ policy: RetentionPolicy) -> Writing {
    if isScheduled || uses.isEmpty { return .none }
    isScheduled = true
    return .later(seconds: Self.interval(policy))
  }

  /// When to write the uses, now that a scheduled time has come.
  mutating func scheduledTimeHasCome(at now: Timestamp, _ policy: RetentionPolicy) -> Writing {
    isScheduled = false
    return uses.isEmpty ? .none : next(at: now, policy)
  }

  /// Applies the uses to a table that was read anew, or that goes on with what was read, and drops those that other
  /// processes have written.
  mutating func lay(over table: inout TokenTable) {
    for (id, use) in uses {
      // A table that goes on has the use itself, which is not on the disk for that.
      guard let token = table.find(TokenQuery(id: id)),
        token.history.lastUsedAt == use || table.policy.isMarkDue(for: token.history, usedAt: use)
      else {
        uses[id] = nil
        continue
      }
      table.updateHistory(id: id) { $0.lastUsedAt = use }
    }
  }

  /// Applies the use of a record that was read alone.
  func lay(over token: inout OAuthToken, _ policy: RetentionPolicy) {
    guard let id = token.id, let use = uses[id], policy.isMarkDue(for: token.history, usedAt: use)
    else { return }
    token.history.lastUsedAt = use
  }

  /// Drops the uses that a commit has written, and keeps those that came during it.
  mutating func remove(_ written: PendingUses) {
    uses = uses.filter { written.uses[$0.key] != $0.value }
  }
}
