internal import TokenVault

/// What a record lacks to be refreshed, as the end of a sentence; no secret.
struct NotRenewable: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  /// The store's error for the record.
  func error(for token: OAuthToken) -> TokenVaultError {
    .notRenewable(id: token.id ?? "", reason: reason)
  }
}

extension OAuthToken {
  /// The text of an unknown field; nil where there is none, or an empty one.
  func text(_ attribute: String) throws(NotRenewable) -> String? {
    switch attributes[attribute] {
    case nil: nil
    case .text(let text): text.revealed.isEmpty ? nil : text.revealed
    case .json: throw NotRenewable("its \(attribute) is no text")
    }
  }
}
