/// What a record is looked up by: the strongest key present decides, and no weaker one is tried.
///
/// Keys from strong to weak: `id`, `user_name`, `grant_token`, `refresh_token`, `access_token`. An
/// empty key is an absent one, and a query without any matches nothing. A record of another client
/// never matches: where the query and the record both have a `client_id`, they must be equal. A key that fits records of
/// several clients is a conflict if the query names none (`TokenVaultError.severalClients`); of several records of one
/// client, the oldest is meant.
public struct TokenQuery: Sendable {
  /// The strongest key and its text; nil matches nothing.
  package let key: (field: TokenField, text: String)?
  let clientID: String?

  private static let keys: [TokenField] = [.id] + keysButID
  private static let keysButID: [TokenField] = [
    .userName, .grantToken, .refreshToken, .accessToken,
  ]

  /// Looks for the record that a partial one describes.
  public init(matching token: OAuthToken) { self.init(token, keys: Self.keys) }

  /// Looks for the record with this id.
  public init(id: String) {
    (key, clientID) = (id.isEmpty ? nil : (.id, id), nil)
  }

  /// Looks for the record of this user, of this client where one is given.
  public init(userName: String, clientID: String? = nil) {
    key = userName.isEmpty ? nil : (.userName, userName)
    self.clientID = clientID.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// As `init(matching:)`, but blind to the id: another store's id says nothing about this one's.
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
