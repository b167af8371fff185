/// Records that are to be saved together or not at all.
struct SaveRequest: Sendable {
  /// What comes of it.
  typealias Result = Swift.Result<[SaveOutcome], TokenVaultError>

  let tokens: [OAuthToken]
  let ifRevision: Int?

  init(_ tokens: [OAuthToken], ifRevision: Int? = nil) {
    (self.tokens, self.ifRevision) = (tokens, ifRevision)
  }
}
