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

  /// A use that is not on the disk.
  private struct Use: Sendable {
    let at: Timestamp
    /// What the table had as the last use when this one was laid over it.
    var before: Timestamp?
  }

  private var uses: [String: Use] = [:]
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
    let before = if let use = uses[id] { use.before } else { token.history.lastUsedAt }
    uses[id] = Use(at: now, before: before)
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

  /// Applies the uses to a table that has what is on the disk, and drops those that other processes have written.
  mutating func lay(over table: inout TokenTable) {
    for (id, use) in uses {
      guard let token = table.find(TokenQuery(id: id)),
        table.policy.isMarkDue(for: token.history, usedAt: use.at)
      else {
        uses[id] = nil
        continue
      }
      uses[id]?.before = token.history.lastUsedAt
      table.updateHistory(id: id) { $0.lastUsedAt = use.at }
    }
  }

  /// Takes the uses out of a table again, so that it has what is on the disk: without that, a use that another process
  /// writes in the same millisecond could not be told from the store's own.
  func lift(from table: inout TokenTable) {
    for (id, use) in uses {
      table.updateHistory(id: id) { if $0.lastUsedAt == use.at { $0.lastUsedAt = use.before } }
    }
  }

  /// As `lay(over:)`, if the records are decoded.
  mutating func lay(over records: inout StoredRecords) {
    if records.isDecoded { lay(over: &records.table) }
  }

  /// As `lift(from:)`, if the records are decoded.
  func lift(from records: inout StoredRecords) {
    if records.isDecoded { lift(from: &records.table) }
  }

  /// Applies the use of a record that was read alone.
  func lay(over token: inout OAuthToken, _ policy: RetentionPolicy) {
    guard let id = token.id, let use = uses[id],
      policy.isMarkDue(for: token.history, usedAt: use.at)
    else { return }
    token.history.lastUsedAt = use.at
  }

  /// Drops the uses that a commit has written, and keeps those that came during it.
  mutating func remove(_ written: PendingUses) {
    uses = uses.filter { written.uses[$0.key]?.at != $0.value.at }
  }
}
