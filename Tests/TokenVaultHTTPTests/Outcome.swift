import TokenVault

/// What a refresh came to.
enum Outcome: Equatable {
  case answered
  case failed(String, mayHaveUsedToken: Bool)
  case refused(String, rejectsRefreshToken: Bool)
  case notRenewable(String)
  case other(String)

  init(_ body: () throws -> Void) {
    do {
      try body()
      self = .answered
    } catch let error as RefreshFailure {
      self = .failed(error.description, mayHaveUsedToken: error.mayHaveUsedToken)
    } catch let error as TokenEndpointError {
      self = .refused(error.description, rejectsRefreshToken: error.meaning == .rejectsRefreshToken)
    } catch TokenVaultError.notRenewable(_, let reason) {
      self = .notRenewable(reason)
    } catch {
      self = .other("\(error)")
    }
  }
}
