/// What records are indexed by: the keys of a query, and a user together with a client, since one user may have
/// thousands of those.
enum RecordKey: Int, CaseIterable, Sendable {
  case id, userName, grantToken, refreshToken, accessToken, userNameAndClient

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
    case .grantToken: .grantToken
    case .refreshToken: .refreshToken
    case .accessToken: .accessToken
    }
  }

  /// The hash of a record's key; nil where it has none.
  func hash(of token: OAuthToken) -> Int? {
    guard let text = token[field] else { return nil }
    return hash(text, client: self == .userNameAndClient ? token[.clientID] : nil)
  }

  /// The hash of a key, by its UTF-8 bytes.
  func hash(_ text: String, client: String? = nil) -> Int {
    var hasher = Hasher()
    ExactText(text).hash(into: &hasher)
    if let client { ExactText(client).hash(into: &hasher) }
    return hasher.finalize()
  }

  /// Whether two records have the same key.
  func isSame(_ left: OAuthToken, _ right: OAuthToken) -> Bool {
    func isSame(_ field: TokenField) -> Bool {
      left[field].map(ExactText.init) == right[field].map(ExactText.init)
    }
    return isSame(field) && (self != .userNameAndClient || isSame(.clientID))
  }
}
