/// Something that a vault has done beside the calls of its program, for the program's log. No event has a secret.
package enum VaultEvent: Sendable {
  /// The last step of a rotation was done, before which its process was killed.
  case completedRotation(path: String)
  /// The keys were rotated.
  case rotated(path: String, generation: UInt64)
  /// A new snapshot has taken the place of the log.
  case compacted(path: String)
  /// A compaction beside the writers has given up; a later save compacts.
  case abandonedCompaction(path: String, reason: String)
  /// A record has the access token of a new answer.
  case refreshed(id: String)
  /// The server will refuse the record's refresh token for ever: its user must log in again.
  case refreshRejected(id: String, code: String)
  /// A call of the token endpoint has brought nothing, or its answer could not be saved.
  case refreshFailed(id: String, reason: String)
}
