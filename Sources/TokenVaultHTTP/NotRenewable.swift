internal import TokenVault

/// Why a record cannot be refreshed, as the end of a sentence; contains no secret.
struct NotRenewable: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

extension OAuthToken {
  /// The text of an unknown field; nil if it is absent or empty.
  func text(_ attribute: String) throws(NotRenewable) -> String? {
    switch attributes[attribute] {
    case nil: nil
    case .text(let text): text.revealed.isEmpty ? nil : text.revealed
    case .json: throw NotRenewable("its \(attribute) is no text")
    }
  }
}
