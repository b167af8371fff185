/// What records are indexed by: the keys of a query, and each but the id together with a client, since one user, and
/// one token, may have thousands of those.
enum RecordKey: Int, CaseIterable, Sendable {
  case id, userName, grantToken, refreshToken, accessToken
  case userNameAndClient, grantTokenAndClient, refreshTokenAndClient, accessTokenAndClient

  /// The kind that has a query's key.
  init?(_ field: TokenField) {
    switch field {
    case .id: self = .id
    case .userName: self = .userName
    case .grantToken: self = .grantToken
    case .refreshToken: self = .refreshToken
    case .accessToken: self = .accessToken
    default: return nil
    }
  }

  /// The field that a record must have to be indexed.
  var field: TokenField {
    switch self {
    case .id: .id
    case .userName, .userNameAndClient: .userName
    case .grantToken, .grantTokenAndClient: .grantToken
    case .refreshToken, .refreshTokenAndClient: .refreshToken
    case .accessToken, .accessTokenAndClient: .accessToken
    }
  }

  /// The kind that has the same key together with a client; nil for an id, which is of one record alone.
  var withClient: RecordKey? {
    switch self {
    case .id: nil
    case .userName, .userNameAndClient: .userNameAndClient
    case .grantToken, .grantTokenAndClient: .grantTokenAndClient
    case .refreshToken, .refreshTokenAndClient: .refreshTokenAndClient
    case .accessToken, .accessTokenAndClient: .accessTokenAndClient
    }
  }

  private var hasClient: Bool { self == withClient }

  /// The hash of a record's key; nil where it has none.
  func hash(of token: OAuthToken) -> Int? {
    var hasher = Hasher()
    guard token.withText(of: field, { ExactText.hash($0, into: &hasher) }) != nil else {
      return nil
    }
    if hasClient {
      _ = token.withText(of: .clientID) { ExactText.hash($0, into: &hasher) }
    }
    return hasher.finalize()
  }

  /// The hash of a key, by its UTF-8 bytes.
  func hash(_ text: String, client: String? = nil) -> Int {
    var hasher = Hasher()
    ExactText.hash(text.utf8.span, into: &hasher)
    if let client { ExactText.hash(client.utf8.span, into: &hasher) }
    return hasher.finalize()
  }

  /// Whether two records have the same key.
  func isSame(_ left: OAuthToken, _ right: OAuthToken) -> Bool {
    left.hasSameText(field, as: right)
      && (!hasClient || left.hasSameText(.clientID, as: right))
  }
}
