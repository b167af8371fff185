extension VaultEvent {
  /// What the end of a call means for the record with this id; nil if the refresh starts again.
  init?(refreshOf id: String, _ outcome: Result<FreshToken?, any Error>) {
    switch outcome {
    case .success(nil): return nil
    case .success(.some(let fresh)):
      let unsaved = fresh.failure.map { Self.refreshFailed(id: id, reason: Self.reason($0)) }
      self = unsaved ?? .refreshed(id: id)
    case .failure(TokenVaultError.refreshRefused(_, let code, _, rejectsToken: true, _)):
      self = .refreshRejected(id: id, code: code)
    case .failure(let error): self = .refreshFailed(id: id, reason: Self.reason(error))
    }
  }

  /// Of an error that the program's own code has thrown, only the type: its text may repeat a token.
  private static func reason(_ error: any Error) -> String {
    (error as? TokenVaultError)?.description ?? "\(type(of: error))"
  }
}
