/// A request to a token endpoint, for an HTTP client of the caller: a POST with a form as its body (RFC 6749, section 6).
///
/// The client sends it once, follows no redirect, and verifies the server's certificate.
public struct TokenEndpointPost: Sendable {
  /// The URL: https, or http to this computer. Every parser reads it alike.
  public let url: String
  /// The header fields. `Authorization` is a secret, if it is there.
  public let headers: [(name: String, value: String)]
  /// The body. It is a secret.
  public let body: [UInt8]
  /// How long the call may take.
  public let timeout: Duration
}

extension TokenEndpointPost: CustomStringConvertible, CustomReflectable {
  /// The URL without its query; neither the header fields nor the body.
  public var description: String { "POST \(url.prefix { $0 != "?" })" }

  /// Nothing, so that no dump shows a secret.
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
