/// The keys of the indexes: each key of a query, and each but the id combined with a client, because one user or one
/// token may have records of thousands of clients.
enum RecordKey: Int, CaseIterable, Sendable {
  case id, userName, grantToken, refreshToken, accessToken
  case userNameAndClient, grantTokenAndClient, refreshTokenAndClient, accessTokenAndClient

  /// The key of a query's field.
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

  /// The field that an indexed record must have.
  var field: TokenField {
    switch self {
    case .id: .id
    case .userName, .userNameAndClient: .userName
    case .grantToken, .grantTokenAndClient: .grantToken
    case .refreshToken, .refreshTokenAndClient: .refreshToken
    case .accessToken, .accessTokenAndClient: .accessToken
    }
  }

  /// The same key combined with a client; nil for the id, which is unique.
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

  /// The hash of a record's key; nil if it has none.
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

  /// The hash of a key's UTF-8 bytes, with those of a client if given.
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
