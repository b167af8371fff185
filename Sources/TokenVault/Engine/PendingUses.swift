/// When the records were handed out that an open store has not written yet.
///
/// A use is pending where what is stored lies far behind it (`RetentionPolicy.noteInterval`). All that are pending
/// are written together, at most once a minute, so that reads cost a write now and then and not each time.
struct PendingUses: Sendable {
  /// What is to become of the uses that are pending.
  enum Writing: Sendable, Equatable {
    /// Nothing now: there are none, or they are waiting already.
    case none
    /// They are to be written by whoever is told so.
    case now
    /// They are to be written in so many seconds by whoever is told so.
    case later(seconds: Int64)
  }

  private var uses: [String: Timestamp] = [:]
  private var lastTry: Timestamp?
  private var isScheduled = false

  var isEmpty: Bool { uses.isEmpty }

  /// Takes a record's use in, also into the table, which is then ahead of the disk.
  mutating func note(
    _ token: OAuthToken, at now: Timestamp, in table: inout TokenTable
  ) -> Writing {
    let policy = table.policy
    guard let id = token.id, policy.wantsNote(of: token.history, usedAt: now) else {
      return uses.isEmpty ? .none : next(at: now, policy)
    }
    uses[id] = now
    table.note(id: id) { $0.lastUsedAt = now }
    // Twice: what is scheduled may be late.
    let isUrgent = policy.isNearIdle(token.history, at: now, within: 2 * Self.interval(policy))
    return next(at: now, policy, isUrgent: isUrgent)
  }

  /// How far apart writes are, in seconds.
  private static func interval(_ policy: RetentionPolicy) -> Int64 { min(60, policy.noteInterval) }

  private mutating func next(
    at now: Timestamp, _ policy: RetentionPolicy, isUrgent: Bool = false
  ) -> Writing {
    let interval = Self.interval(policy)
    // Also where the clock was set back.
    let isWaiting = lastTry.map { (0..<interval * 1000).contains(now.milliseconds(since: $0)) }
    guard isUrgent || isWaiting != true else { return retry(policy) }
    lastTry = now
    return .now
  }

  /// What is to become of them after a while, now that they were not written.
  mutating func retry(_ policy: RetentionPolicy) -> Writing {
    if isScheduled || uses.isEmpty { return .none }
    isScheduled = true
    return .later(seconds: Self.interval(policy))
  }

  /// What is to become of them now that a time which was scheduled has come.
  mutating func scheduledTimeHasCome(at now: Timestamp, _ policy: RetentionPolicy) -> Writing {
    isScheduled = false
    return uses.isEmpty ? .none : next(at: now, policy)
  }

  /// Lays them over a table that was read anew, and forgets those that others have made good.
  mutating func lay(over table: inout TokenTable) {
    for (id, use) in uses {
      guard let token = table.find(TokenQuery(id: id)),
        table.policy.wantsNote(of: token.history, usedAt: use)
      else {
        uses[id] = nil
        continue
      }
      table.note(id: id) { $0.lastUsedAt = use }
    }
  }

  /// Forgets what a commit has written, and keeps what came while it did.
  mutating func remove(_ written: PendingUses) {
    uses = uses.filter { written.uses[$0.key] != $0.value }
  }
}
