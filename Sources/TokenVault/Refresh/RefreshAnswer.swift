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
  /// What is not understood of the end of its access token, as the end of a sentence.
  package let doubt: String?

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
    fields[.accessToken] = accessToken.revealed
    fields[.refreshToken] = refreshToken?.revealed
    fields[.scope] = scope
    let end = expiresIn.flatMap { (now ?? .now).adding(seconds: $0.components.seconds) }
    fields.expiresAt = end.map { .at($0) }
    self.init(fields)
  }

  /// Reads an answer in JSON, or in the form encoding, received at `now`.
  ///
  /// If its access token is missing, this does not throw: `Vault` first saves a new refresh token of the answer, since the
  /// server may take the old one no more, and then reports the failure. An access token that has ended already is saved
  /// too, and returned to the caller of this refresh; the next one refreshes it.
  ///
  /// - Throws: ``TokenEndpointError`` if the answer is one; ``RefreshFailure`` for anything else that is no answer.
  public init(_ text: Span<UInt8>, now: Timestamp? = nil) throws {
    guard text.count <= Self.sizeLimit else {
      throw RefreshFailure("the answer is longer than \(Self.sizeLimit) bytes")
    }
    if text.isEmpty { throw RefreshFailure("the answer is empty") }
    let answer: ReadRecords
    do { answer = try OutsideText.readAnswer(text, receivedAt: now ?? .now) } catch {
      throw RefreshFailure("the answer is not that of a token endpoint: \(error)")
    }
    let fields = answer.tokens.first ?? OAuthToken()
    if let error = TokenEndpointError(fields) { throw error }
    self.init(fields, doubt: answer.remarks.entries.first { $0.remark.isOfAnEnd }?.remark.sentence)
  }

  /// The fields that an answer may change: neither whose record it is, nor where it is refreshed.
  private static let fields: [TokenField] = [
    .accessToken, .refreshToken, .expiresAt, .scope, .tokenType, .idToken, .apiDomain,
  ]

  private init(_ answer: OAuthToken, doubt: String? = nil) {
    var record = OAuthToken()
    // An empty text would clear the field of the record.
    for field in Self.fields where answer.hasText(of: field) { record[field] = answer[field] }
    lacksAccessToken = !record.has(.accessToken)
    var problem: String?
    while let field = TokenGrammar.fault(in: record) {
      problem = problem ?? "the answer's \(field.name) has characters that no token may have"
      record[field] = nil
    }
    if !record.has(.accessToken) { problem = problem ?? Self.absence(of: answer) }
    // The stored end is that of the token before.
    if !record.has(.expiresAt) { record[.expiresAt] = "" }
    (self.problem, self.doubt) = (problem, doubt)
    self.record = problem == nil ? record : record.refreshTokenAlone
  }

  private static func absence(of answer: OAuthToken) -> String {
    let name = answer.nameOfInnerTokens.flatMap { $0.isPlainName ? $0 : nil }
    return name.map { "the answer's tokens are inside '\($0)'" } ?? "the answer has no access_token"
  }
}

extension OAuthToken {
  var refreshTokenAlone: OAuthToken {
    var record = OAuthToken()
    record.refreshToken = refreshToken
    return record
  }
}
