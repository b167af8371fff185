import TokenVault

/// What `list` shows of a record; an empty text for what it does not have.
struct TokenRow {
  let id: String
  let user: String
  let client: String
  /// When the access token ends: `in 3 h`, and in UTC.
  let relative: String
  let absolute: String
  let secrets: String
  /// Why the vault no longer returns the record, or cannot refresh it.
  let state: String
  let isExpired: Bool

  /// The names of the secrets in their column.
  private static let shortNames = Dictionary(
    uniqueKeysWithValues: TokenField.allCases.map { field in
      (field.name, field.name.replacing("_token", with: "").replacing("client_", with: ""))
    })

  /// - Parameter policy: The vault's limits: a record that they have ended is marked.
  init(_ token: OAuthToken, at now: VaultTime, _ policy: RetentionPolicy) {
    // Once a row: each use parses the text of the expiry.
    let (expiry, isUncertain) = (token.expiresAt, token.hasUncertainEnd(at: now))
    (id, user, client) = (token.id ?? "", token.userName ?? "", token.clientID ?? "")
    if case .at(let moment) = expiry {
      relative = isUncertain ? "unknown" : TimeText.distance(to: moment, from: now.clock)
      absolute = moment.description.replacing(".000Z", with: "Z")
    } else {
      (relative, absolute) = (expiry?.text ?? "", expiry?.text ?? "")
    }
    isExpired = !isUncertain && expiry?.moment.map { $0 <= now.clock } == true
    secrets = MaskedToken.secrets(of: token).map { Self.shortNames[$0] ?? $0 }
      .joined(separator: " ")
    state =
      if let ended = policy.ended(token, at: now) {
        "ended (\(ended.limit.rawValue))"
      } else if token.history.refresh?.isRejected == true {
        "log in again"
      } else {
        isUncertain ? "wrong clock" : ""
      }
  }

  /// For a program: the values that do not depend on when they are read, whole, between tabs.
  var tabSeparated: String { [id, user, client, absolute, secrets, state].tabSeparated }
}

extension [String] {
  /// The texts as a line between tabs; those in a text are escaped, so that no two lists of texts make the same line.
  var tabSeparated: String { map(DisplayText.unambiguous).joined(separator: "\t") + "\n" }
}
