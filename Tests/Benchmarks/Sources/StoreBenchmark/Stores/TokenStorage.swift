/// An open store, or one connection to it.
///
/// Whoever shares one between threads sees to it that it can be: a `Vault` can, an SQL connection has one thread.
protocol TokenStorage: AnyObject, Sendable {
  /// Updates the record of a user who is there; durable when this returns.
  func save(_ change: TokenChange) throws

  /// Makes the whole record of this user, and drops it; the user must be there.
  func find(user: String) throws
}
