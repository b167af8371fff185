/// One key that was tried, and why it did not open the vault.
public struct KeyAttempt: Sendable, Equatable {
  /// Its source: `key file '/…'`, `kernel keyring`, `passphrase`.
  public let source: String
  /// Why it failed.
  public let problem: String

  init(_ source: String, _ problem: String) {
    (self.source, self.problem) = (source, problem)
  }
}
