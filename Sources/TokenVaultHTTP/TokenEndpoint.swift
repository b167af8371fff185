internal import CCurl
internal import Glibc

/// The URL of a token endpoint to which secrets may be sent: https, or http that does not leave this computer.
///
/// libcurl parses the URL once, so that it cannot mean one host to this check and another to the transfer.
struct TokenEndpoint {
  let url: CurlURL
  /// As libcurl normalizes it: IPv6 in brackets, IPv4 in dotted decimal.
  let host: String
  let port: String
  let isLoopback: Bool
  let isEncrypted: Bool

  /// Checks a URL (RFC 6749, section 3.2).
  ///
  /// - Throws: ``NotRenewable`` for a URL that is no such endpoint.
  init(_ text: String, _ libcurl: Libcurl) throws(NotRenewable) {
    guard let url = CurlURL(text, libcurl), let scheme = url.part(CURLUPART_SCHEME),
      let host = url.part(CURLUPART_HOST), let port = url.part(CURLUPART_PORT)
    else { throw Self.refusal("is no https URL, or one with a user name") }
    // Also an empty fragment, which libcurl drops.
    guard !text.utf8.contains(UInt8(ascii: "#")) else { throw Self.refusal("has a fragment") }
    // An address with a zone is on a network interface.
    let isLoopback = Self.isLoopback(host) && url.part(CURLUPART_ZONEID) == nil
    guard scheme == "https" || (scheme == "http" && isLoopback) else {
      throw Self.refusal("is not https")
    }
    (self.url, self.host, self.port, self.isLoopback) = (url, host, port, isLoopback)
    isEncrypted = scheme == "https"
  }

  private static func refusal(_ problem: String) -> NotRenewable {
    NotRenewable("its token_endpoint \(problem)")
  }

  /// Whether packets to this host stay here (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3; RFC 6761, 6.3).
  static func isLoopback(_ host: String) -> Bool {
    if host.lowercased() == "localhost" { return true }
    var four = in_addr()
    if unsafe inet_pton(AF_INET, host, &four) == 1 {
      return UInt32(bigEndian: four.s_addr) >> 24 == 127
    }
    return host == "[::1]"
  }

  /// The entry for `CURLOPT_RESOLVE` that binds `localhost` to this computer, whatever a name server says.
  var pinnedAddress: String? {
    host.lowercased() == "localhost" ? "\(host):\(port):127.0.0.1,[::1]" : nil
  }
}
