/// What a token endpoint answers to a refresh (RFC 6749, section 5.1), limited to what a record stores: the tokens,
/// their type, scope and end, and Zoho's `api_domain`.
public struct RefreshAnswer: Sendable {
  /// The longest answer that is read, in bytes.
  public static let sizeLimit = 1_000_000

  /// The fields to apply to the record.
  package let record: OAuthToken
  /// Why only a new refresh token of the answer is usable, if it has one; nil for a good answer.
  let problem: String?
  /// Whether the answer has no access token, valid or not: a login may bring a refresh token alone.
  let lacksAccessToken: Bool

  /// An answer that was read by other means.
  ///
  /// - Parameters:
  ///   - accessToken: the new access token.
  ///   - refreshToken: the new refresh token; nil if the old one goes on.
  ///   - expiresIn: the access token's lifetime from `now`; nil if the server does not tell. The token then counts as
  ///     fresh until it is refreshed by force.
  ///   - scope: the scope as the server says it; nil if it is as before.
  ///   - now: when the answer was received; the current time by default.
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
  /// If its access token is missing or has ended already, this does not throw: `Vault` first saves a new refresh
  /// token of the answer, since the server may take the old one no more, and then reports the failure.
  ///
  /// - Throws: ``TokenEndpointError`` if the answer is one; ``RefreshFailure`` for anything else that is no answer.
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

  /// Drops an empty text, which would clear the field of the record.
  private static func present(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }

  /// The fields that an answer may change: neither whose record it is, nor where it is refreshed.
  private static let fields: [TokenField] = [
    .accessToken, .refreshToken, .scope, .tokenType, .idToken, .apiDomain,
  ]

  /// Zoho's servers send seconds as `expires_in_sec`, and milliseconds as `expires_in`.
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
    if !record.has(.accessToken) { problem = problem ?? "the answer has no access_token" }
    if let seconds {
      if seconds <= 0 { problem = problem ?? "the answer's token lives for \(seconds) s" }
      // A timestamp cannot express an end after the year 9999.
      let end = now.adding(seconds: seconds)
      record[.expiresAt] = end.map { Expiry.at($0).text } ?? ""
    } else {
      // The stored end is that of the token before.
      record[.expiresAt] = ""
    }
    self.problem = problem
    lacksAccessToken = !fields.has(.accessToken)
    self.record = problem == nil ? record : record.refreshTokenAlone
  }
}

extension OAuthToken {
  var refreshTokenAlone: OAuthToken {
    var record = OAuthToken()
    record.refreshToken = refreshToken
    return record
  }
}
