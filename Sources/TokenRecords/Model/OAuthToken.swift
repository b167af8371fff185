/// One record of a vault: what a program needs to keep a user logged in by OAuth.
///
/// Each field is present or absent. In a save, an absent field keeps the stored value and an empty one clears it; a
/// stored record has no empty fields. ``secret`` alone may be empty: an empty one is stored, and clears nothing. Text is
/// any Unicode.
public struct OAuthToken: Sendable {
  private var fields = PackedFields()

  /// The unknown fields: those that TokenVault gives no meaning.
  public var attributes = TokenAttributes()

  /// The number of saves that changed this record, the first included; 0 for one that was never saved. The store
  /// counts, and ignores the value in a record that it is given, unless an export comes back into an empty vault.
  public package(set) var revision = 0

  /// The store's own facts: the first save, the last use, and a failed refresh.
  public package(set) var history = RecordHistory()

  /// A record without fields.
  public init() {}

  init(_ fields: PackedFields) { self.fields = fields }

  /// The text of a field. A read makes a new string (``withText(of:_:)`` is cheaper), a write repacks all fields.
  package subscript(field: TokenField) -> String? {
    get {
      fields.withText(field.rawValue) { bytes in
        // Only UTF-8 is ever packed.
        unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
      }
    }
    set { fields.set(field.rawValue, newValue) }
  }

  /// Lends the bytes of a field's text to `body`, if the field is present.
  func withText<Result>(of field: TokenField, _ body: (Span<UInt8>) -> Result) -> Result? {
    fields.withText(field.rawValue, body)
  }

  /// Calls `body` with each field that is present, in order. Cheaper than one access for each field.
  func forEachField(_ body: (Int, Span<UInt8>) -> Void) { fields.forEachText(body) }

  /// The bytes of all fields' texts together.
  var fieldSize: Int { fields.textSize }

  /// Whether a field is present, empty or not. Unlike its value, which is a string, this leaves no copy of a secret in
  /// memory.
  package func has(_ field: TokenField) -> Bool { withText(of: field) { _ in true } ?? false }

  /// Whether a field has a text that is not empty.
  package func hasText(of field: TokenField) -> Bool {
    withText(of: field) { !$0.isEmpty } ?? false
  }

  /// Whether a field has this text, byte for byte.
  package func has(_ text: String, in field: TokenField) -> Bool {
    withText(of: field) { ExactText.isEqual($0, text.utf8.span) } ?? false
  }

  /// The start of a field's text, about 16 bytes of it.
  package func start(of field: TokenField) -> String? {
    withText(of: field) { text in
      var end = min(16, text.count)
      // Not within a character.
      while end > 0, end < text.count, text[end] & 0xC0 == 0x80 { end -= 1 }
      return unsafe text.extracting(0..<end).withUnsafeBufferPointer {
        unsafe String(decoding: $0, as: UTF8.self)
      }
    }
  }

  private subscript(secret field: TokenField) -> Secret? {
    get { self[field].map { Secret($0) } }
    set { self[field] = newValue?.revealed }
  }

  /// The record's identifier in its store, which assigns one unless the caller does.
  public var id: String? {
    get { self[.id] }
    set { self[.id] = newValue }
  }
  /// The user that the token belongs to; compared byte for byte.
  public var userName: String? {
    get { self[.userName] }
    set { self[.userName] = newValue }
  }
  /// The OAuth client that the token was issued to (RFC 6749, section 2.2).
  public var clientID: String? {
    get { self[.clientID] }
    set { self[.clientID] = newValue }
  }
  /// The client's password (RFC 6749, section 2.3.1).
  public var clientSecret: Secret? {
    get { self[secret: .clientSecret] }
    set { self[secret: .clientSecret] = newValue }
  }
  /// The refresh token (RFC 6749, section 1.5).
  public var refreshToken: Secret? {
    get { self[secret: .refreshToken] }
    set { self[secret: .refreshToken] = newValue }
  }
  /// The access token (RFC 6749, section 1.4).
  public var accessToken: Secret? {
    get { self[secret: .accessToken] }
    set { self[secret: .accessToken] = newValue }
  }
  /// The authorization code (RFC 6749, section 1.3.1), which Zoho calls grant token.
  public var grantToken: Secret? {
    get { self[secret: .grantToken] }
    set { self[secret: .grantToken] = newValue }
  }
  /// The end of the access token. Setting `unreadable` with a text that is a time sets that time.
  public var expiresAt: Expiry? {
    get { accessTokenEnd.map { .at($0) } ?? self[.expiresAt].map { Expiry($0) } }
    set { self[.expiresAt] = newValue.map { Expiry($0.text).text } }
  }
  /// The client's redirection endpoint.
  public var redirectURL: String? {
    get { self[.redirectURL] }
    set { self[.redirectURL] = newValue }
  }
  /// The base URL of the API that accepts the access token.
  public var apiDomain: String? {
    get { self[.apiDomain] }
    set { self[.apiDomain] = newValue }
  }
  /// The scopes, separated by spaces (RFC 6749, section 3.3).
  public var scope: String? {
    get { self[.scope] }
    set { self[.scope] = newValue }
  }
  /// The access token's type, mostly `Bearer` (RFC 6749, section 7.1).
  public var tokenType: String? {
    get { self[.tokenType] }
    set { self[.tokenType] = newValue }
  }
  /// The ID token (OpenID Connect Core, section 2).
  public var idToken: Secret? {
    get { self[secret: .idToken] }
    set { self[secret: .idToken] = newValue }
  }
  /// A secret that TokenVault gives no meaning, such as a password; it may be empty, which differs from absent.
  public var secret: Secret? {
    get { self[secret: .secret] }
    set { self[secret: .secret] = newValue }
  }
}

extension OAuthToken: Equatable {
  /// Equal in every field, byte for byte, and in the revision; the history does not count.
  public static func == (left: OAuthToken, right: OAuthToken) -> Bool {
    left.revision == right.revision && left.hasSameContent(as: right)
  }

  /// Equal in every field, byte for byte.
  package func hasSameContent(as other: OAuthToken) -> Bool {
    fields == other.fields && attributes == other.attributes
  }
}

extension OAuthToken {
  /// Whether a field is absent in both, or present with the same bytes.
  package func hasSameText(_ field: TokenField, as other: OAuthToken) -> Bool {
    fields.hasSameText(field.rawValue, as: other.fields)
  }

  /// Whether a refresh of either record sends the same request, so that a server that refused one refuses the other.
  func hasSameGrant(as other: OAuthToken) -> Bool {
    let fields: [TokenField] = [.clientID, .clientSecret, .refreshToken, .apiDomain]
    return fields.allSatisfy { hasSameText($0, as: other) }
      && attributes[Self.tokenEndpointName] == other.attributes[Self.tokenEndpointName]
  }

  /// The unknown field with the URL that refreshes go to (RFC 8414, section 2).
  package static let tokenEndpointName = "token_endpoint"
  /// The URL that refreshes go to: the unknown field `token_endpoint` (RFC 8414, section 2). Setting it replaces a value of
  /// any kind.
  public var tokenEndpoint: String? {
    get {
      if case .text(let url) = attributes[Self.tokenEndpointName] { url.revealed } else { nil }
    }
    set { attributes[Self.tokenEndpointName] = newValue.map { .text(Secret($0)) } }
  }
  /// The unknown field that says how the client authenticates there (RFC 7591, section 2).
  package static let tokenEndpointMethodName = "token_endpoint_auth_method"

  /// This record merged with another: present fields overwrite, empty ones clear. Id, revision and history stay.
  package func overlaid(with other: OAuthToken) -> OAuthToken {
    var result = self
    result.fields = fields.overlaid(with: other.fields, keeping: TokenField.id.rawValue)
    for attribute in other.attributes {
      result.attributes[attribute.name] = attribute.value.isEmpty ? nil : attribute.value
    }
    return result
  }
}
