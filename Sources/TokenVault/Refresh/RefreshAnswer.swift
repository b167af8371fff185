/// What a token endpoint answers to a refresh (RFC 6749, section 5.1), as far as a record takes it over: the
/// tokens, their type, scope and end, and Zoho's `api_domain`.
public struct RefreshAnswer: Sendable {
  /// Longer answers are refused: 1 MB.
  public static let sizeLimit = 1_000_000

  /// The fields to lay over the record.
  package let record: OAuthToken
  /// Why the answer is of no use beyond a new refresh token that it may have; nil where it is good.
  let problem: String?
  /// Whether the answer has no access token, good or not: a login may bring a refresh token alone.
  let lacksAccessToken: Bool

  /// An answer that was read by other means.
  ///
  /// `expiresIn` counts from `now`; nil where the server does not tell, which leaves a token that counts as good
  /// until it is refreshed by force.
  public init(
    accessToken: Secret, refreshToken: Secret? = nil, expiresIn: Duration? = nil,
    scope: String? = nil, now: Timestamp? = nil
  ) {
    var fields = OAuthToken()
    fields[.accessToken] = Self.present(accessToken.revealed)
    fields[.refreshToken] = Self.present(refreshToken?.revealed)
    fields[.scope] = Self.present(scope)
    let seconds = expiresIn.map { $0.components.seconds }
    self.init(fields, seconds: seconds, problem: nil, now ?? .now)
  }

  /// Reads an answer in JSON, received at `now`.
  ///
  /// Throws the `TokenEndpointError` that it may be instead, and `RefreshFailure` for what is neither. An answer
  /// whose access token is missing, or has ended already, is told as a failure by the store that it is given to,
  /// after a new refresh token in it was saved: the old one may be gone for good.
  public init(json: Span<UInt8>, now: Timestamp? = nil) throws {
    guard json.count <= Self.sizeLimit else {
      throw RefreshFailure("the answer is longer than \(Self.sizeLimit) bytes")
    }
    if json.isEmpty { throw RefreshFailure("the answer is empty") }
    let members: JSONMembers
    do { members = try JSONMembers(json) } catch {
      throw RefreshFailure("the answer is not the JSON of a token endpoint: \(error)")
    }
    if let error = TokenEndpointError(members) { throw error }
    var fields = OAuthToken()
    for field in Self.fields { fields[field] = members.text(field.name) }
    let (seconds, problem) = Self.lifetime(members)
    self.init(fields, seconds: seconds, problem: problem, now ?? .now)
  }

  /// An empty text says nothing; laid over a record, it would clear the field.
  private static func present(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }

  /// The fields that an answer may change. Not who the record is, and not where it is refreshed.
  private static let fields: [TokenField] = [
    .accessToken, .refreshToken, .scope, .tokenType, .idToken, .apiDomain,
  ]

  /// Zoho's servers send the seconds as `expires_in_sec`, and beside it milliseconds as `expires_in`.
  private static func lifetime(_ members: JSONMembers) -> (seconds: Int64?, problem: String?) {
    let name = members.has("expires_in_sec") ? "expires_in_sec" : "expires_in"
    guard members.has(name) else { return (nil, nil) }
    guard let seconds = members.wholeNumber(name) else {
      return (nil, "the answer's \(name) is no number of seconds")
    }
    return (seconds, nil)
  }

  private init(_ fields: OAuthToken, seconds: Int64?, problem: String?, _ now: Timestamp) {
    var record = fields
    var problem = problem
    while let field = TokenGrammar.fault(in: record) {
      problem = problem ?? "the answer's \(field.name) has characters that no token may have"
      record[field] = nil
    }
    if record[.accessToken] == nil { problem = problem ?? "the answer has no access_token" }
    if let seconds {
      if seconds <= 0 { problem = problem ?? "the answer's token lives for \(seconds) s" }
      // What outlives the year 9999 has no end.
      let end = now.adding(seconds: seconds)
      record[.expiresAt] = end.map { Expiry.at($0).text } ?? ""
    } else {
      // Another token's end says nothing of this one.
      record[.expiresAt] = ""
    }
    self.problem = problem
    lacksAccessToken = fields[.accessToken] == nil
    self.record = problem == nil ? record : record.refreshTokenAlone
  }
}

extension OAuthToken {
  /// The refresh token, and nothing else.
  var refreshTokenAlone: OAuthToken {
    var record = OAuthToken()
    record.refreshToken = refreshToken
    return record
  }
}
