/// What a purge has deleted, or would.
public struct PurgeReport: Sendable, Equatable {
  /// The records that were deleted, the oldest first, and the limit that had ended each.
  public let deleted: [EndedRecord]
  /// How many records were kept only because a refresh token can renew them.
  public let sparedRenewable: Int
  /// Whether this was a dry run.
  public let isDryRun: Bool
}
