/// An open store, or one connection to it.
///
/// Threads may share a `Vault`; an SQL connection belongs to one thread.
protocol TokenStorage: AnyObject, Sendable {
  /// Updates the record of an existing user; durable when it returns.
  func save(_ change: TokenChange) throws

  /// Builds the whole record of this user, who must exist, and drops it.
  func find(user: String) throws

  /// Does now what an open store does in the background once it is used.
  func warmUp() throws
}

extension TokenStorage {
  func warmUp() throws {}
}
