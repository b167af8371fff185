/// Finds a record by the strongest key that is present; weaker ones are not tried.
///
/// Keys from strong to weak: `id`, `user_name`, `grant_token`, `refresh_token`, `access_token`. An
/// empty key counts as absent, and a query without keys matches nothing. A record of another client never matches: if
/// the query and the record both have a `client_id`, they must be equal. A key that matches records of several clients
/// is a conflict if the query names no client (`TokenVaultError.severalClients`); among several records of one client,
/// the oldest matches.
public struct TokenQuery: Sendable {
  /// The strongest key and its text; nil matches nothing.
  package let key: (field: TokenField, text: String)?
  let clientID: String?

  static let keys: [TokenField] = [.id] + keysButID
  private static let keysButID: [TokenField] = [
    .userName, .grantToken, .refreshToken, .accessToken,
  ]

  /// Finds the record that a partial one describes.
  public init(matching token: OAuthToken) { self.init(token, keys: Self.keys) }

  /// Finds the record with this id.
  public init(id: String) {
    (key, clientID) = (id.isEmpty ? nil : (.id, id), nil)
  }

  /// Finds the record of this user, and of this client if one is given.
  public init(userName: String, clientID: String? = nil) {
    key = userName.isEmpty ? nil : (.userName, userName)
    self.clientID = clientID.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// As ``init(matching:)`` without the id, which has no meaning if it is another store's.
  static func ignoringID(_ token: OAuthToken) -> TokenQuery {
    TokenQuery(token, keys: keysButID)
  }

  private init(_ token: OAuthToken, keys: [TokenField]) {
    func present(_ field: TokenField) -> String? {
      token[field].flatMap { $0.isEmpty ? nil : $0 }
    }
    clientID = present(.clientID)
    for field in keys {
      guard let text = present(field) else { continue }
      key = (field, text)
      return
    }
    key = nil
  }
}
