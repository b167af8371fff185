internal import TokenVault

/// The URL of a token endpoint for an HTTP client of the caller: https, or http to this computer, and only one that every
/// parser reads alike, so that it cannot mean one host to this check and another to the client.
struct PlainEndpoint: CheckedEndpoint {
  let url: String
  let host: String

  /// - Throws: ``NotRenewable`` for any other text.
  init(_ text: String) throws(NotRenewable) {
    guard let origin = EndpointOrigin(text) else {
      throw NotRenewable("its token_endpoint is no https URL that every client reads alike")
    }
    guard !text.utf8.contains(UInt8(ascii: "#")) else {
      throw NotRenewable("its token_endpoint has a fragment")
    }
    guard origin.isEncrypted || TokenEndpoint.isLoopback(origin.host) else {
      throw NotRenewable("its token_endpoint is not https")
    }
    (url, host) = (text, origin.host)
  }
}
