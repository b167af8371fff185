// The limits that end records, and their deletion.
extension Vault {
  /// The limits of this vault.
  ///
  /// - Throws: As ``findToken(matching:)``.
  @available(*, noasync)
  public func policy() throws(TokenVaultError) -> RetentionPolicy {
    try withCurrentState { $0.records.policy }
  }

  /// Gives the vault these limits, in one commit. If it has them already, nothing is written.
  ///
  /// They hold for the records that are there, too: a record that they have ended is not found any more.
  ///
  /// - Throws: As ``save(_:ifRevision:)``.
  @available(*, noasync)
  public func setPolicy(_ policy: RetentionPolicy) throws(TokenVaultError) {
    _ = try changePolicy { $0 = policy }
  }

  /// Changes the limits in one transaction.
  ///
  /// - Returns: The limits as they are then.
  package func changePolicy(
    _ change: (inout RetentionPolicy) -> Void
  ) throws(TokenVaultError) -> RetentionPolicy {
    try write { (transaction) throws(TokenVaultError) in
      var policy = transaction.table.policy
      change(&policy)
      if policy == transaction.table.policy { return policy }
      let now = transaction.header.time(at: configuration.now()).stamp
      transaction.table.begin(policy, at: now)
      try transaction.commit(previous: .keep)
      return policy
    }
  }

  /// Deletes every record that a limit of the vault or of `options` has ended, in one commit, if there is any.
  ///
  /// The previous snapshot is removed too, so that what was deleted is gone from the disk.
  ///
  /// - Throws: ``TokenVaultError/clockBehindKey(now:keyMade:)`` if the clock is before the time of the data-encryption key,
  ///   so that it is unknown which records have ended; and as ``save(_:ifRevision:)``.
  @available(*, noasync)
  @discardableResult
  public func purge(
    _ options: PurgeOptions = PurgeOptions()
  ) throws(TokenVaultError) -> PurgeReport {
    if options.isDryRun {
      let (table, header) = try read { ($0.table, $0.header) }
      return table.purgeReport(options, at: try timeToPurge(header))
    }
    return try write { (transaction) throws(TokenVaultError) in
      let now = try timeToPurge(transaction.header)
      let report = transaction.table.purgeReport(options, at: now)
      if !report.deleted.isEmpty { try transaction.delete(ids: report.deleted.map(\.id)) }
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
  fileprivate func purgeReport(_ options: PurgeOptions, at now: VaultTime) -> PurgeReport {
    var ended: [EndedRecord] = []
    var spared = 0
    for token in tokens {
      let record =
        policy.ended(token, at: now) ?? policy.ended(token, at: now, by: options.seconds)
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
