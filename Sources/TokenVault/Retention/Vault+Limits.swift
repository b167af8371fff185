extension Vault {
  /// What ends a record of this vault.
  public func policy() throws(TokenVaultError) -> RetentionPolicy {
    try withCurrentState { $0.records.policy }
  }

  /// Gives the vault these limits, in one commit. Where it has them, nothing is written.
  ///
  /// They hold for the records that are there too: what they have ended is not handed out any more. Throws as
  /// `save`.
  public func setPolicy(_ policy: RetentionPolicy) throws(TokenVaultError) {
    _ = try changePolicy { $0 = policy }
  }

  /// Changes the limits that the vault has when nobody else can; gives them as they are then.
  package func changePolicy(
    _ change: (inout RetentionPolicy) -> Void
  ) throws(TokenVaultError) -> RetentionPolicy {
    try withWriter { (writer) throws(TokenVaultError) in
      var policy = writer.table.policy
      change(&policy)
      if policy == writer.table.policy { return policy }
      writer.table.begin(policy, at: writer.header.time(at: configuration.now()).stamp)
      try writer.commit(previous: .keep)
      return policy
    }
  }

  /// Deletes every record that a limit of the vault, or of `options`, has ended, in one commit; without any,
  /// nothing is written.
  ///
  /// The snapshot before is removed too, so that what was deleted is gone from the disk. Throws as `save`, and
  /// `clockBehindKey` where the clock lies before the time of the data key: then it is unknown what has ended.
  @discardableResult
  public func purge(
    _ options: PurgeOptions = PurgeOptions()
  ) throws(TokenVaultError) -> PurgeReport {
    if options.isDryRun {
      let (table, header) = try read { ($0.table, $0.header) }
      return table.whatPurgeDeletes(options, at: try timeToPurge(header))
    }
    return try withWriter { (writer) throws(TokenVaultError) in
      let report = writer.table.whatPurgeDeletes(options, at: try timeToPurge(writer.header))
      if report.deleted.isEmpty { return report }
      do throws(TokenTableError) {
        try writer.table.delete(ids: report.deleted.map(\.id))
      } catch {
        throw TokenVaultError(error)
      }
      try writer.commit(previous: .remove)
      return report
    }
  }

  private func timeToPurge(_ header: VaultHeader) throws(TokenVaultError) -> VaultTime {
    let now = header.time(at: configuration.now())
    if now.isBehind { throw .clockBehindKey(now: now.clock, keyMade: header.dataKeyMade) }
    return now
  }
}

extension TokenTable {
  /// What a purge would delete.
  fileprivate func whatPurgeDeletes(_ options: PurgeOptions, at now: VaultTime) -> PurgeReport {
    var ended: [EndedRecord] = []
    var spared = 0
    for token in tokens {
      let record =
        policy.ended(token, at: now)
        ?? policy.ended(token, at: now, by: options.seconds)
      if let record {
        ended.append(record)
      } else if isSpared(token, options, now) {
        spared += 1
      }
    }
    return PurgeReport(deleted: ended, sparedRenewable: spared, isDryRun: options.isDryRun)
  }

  /// Whether only its refresh token keeps a record.
  private func isSpared(_ token: OAuthToken, _ options: PurgeOptions, _ now: VaultTime) -> Bool {
    let limits = [policy[.expired], options.seconds(of: .expired)].compactMap(\.self)
    guard let limit = limits.min(), let moment = token.expiresAt?.moment,
      !token.hasUncertainEnd(at: now)
    else { return false }
    return moment.adding(seconds: limit).map { $0 <= now.clock } ?? false
  }
}
