/// What a token server has seen since it was started or reset.
public struct TokenServerLog: Decodable, Sendable {
  /// One family of refresh tokens: `<family>.0` and what came of it.
  public struct Family: Decodable, Sendable {
    /// The refreshes that were tried.
    public let calls: Int
    /// The one that is good now.
    public let refreshToken: String
    /// The newest.
    public let accessToken: String
  }

  /// One request with POST.
  public struct Call: Decodable, Sendable {
    /// The path of its URL.
    public let path: String
    /// Nil where it had no token that could be a family's.
    public let family: String?
    /// The n of its refresh token.
    public let generation: Int?
    /// The form's field `caller`.
    public let caller: String?
    /// Whether the whole answer could be written.
    public let answered: Bool
    /// `client_secret_basic`, `client_secret_post` or `none`; `several` for what no client may do.
    public let authentication: String
    /// The client's id, decoded.
    public let client: String?
    /// The client's secret, decoded.
    public let secret: String?
    /// The form as it came.
    public let body: String
    /// The headers by their names in lower case.
    public let headers: [String: String]
  }

  /// All requests with POST, whatever their path.
  public let total: Int
  /// The uses of a refresh token that had been used before.
  public let reuse: Int
  /// How many calls there were at once, at most.
  public let mostInProgress: Int
  /// The families whose token was reused, in order.
  public let revoked: [String]
  /// The methods of authentication that were seen, in order.
  public let authentication: [String]
  /// By their names.
  public let families: [String: Family]
  /// In the order in which they came.
  public let calls: [Call]
}
