internal import CCurl
internal import Glibc

/// The URL of a token endpoint that secrets may be sent to: https, or http that does not leave this computer.
///
/// libcurl takes the URL apart for this check, and is later given what it made of it: nobody can write a URL that
/// means one host here and another there.
struct TokenEndpoint {
  let url: CurlURL
  /// As libcurl writes it: IPv6 in brackets, numbers that mean IPv4 as four numbers.
  let host: String
  let port: String
  let isLoopback: Bool
  let isEncrypted: Bool

  /// Refuses every URL that is no such endpoint (RFC 6749, section 3.2).
  init(_ text: String, _ libcurl: Libcurl) throws(NotRenewable) {
    guard let url = CurlURL(text, libcurl), let scheme = url.part(CURLUPART_SCHEME),
      let host = url.part(CURLUPART_HOST), let port = url.part(CURLUPART_PORT)
    else { throw Self.refusal("is no https URL, or one with a user name") }
    // Also an empty one, which libcurl leaves out.
    guard !text.utf8.contains(UInt8(ascii: "#")) else { throw Self.refusal("has a fragment") }
    // An address with a zone belongs to some network's card.
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

  /// Whether packets to this host stay here (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3; RFC 6761,
  /// section 6.3).
  private static func isLoopback(_ host: String) -> Bool {
    if host.lowercased() == "localhost" { return true }
    var four = in_addr()
    if unsafe inet_pton(AF_INET, host, &four) == 1 {
      return UInt32(bigEndian: four.s_addr) >> 24 == 127
    }
    return host == "[::1]"
  }

  /// Where `localhost` is, whatever a name server says: an entry for `CURLOPT_RESOLVE`.
  var pinnedAddress: String? {
    host.lowercased() == "localhost" ? "\(host):\(port):127.0.0.1,[::1]" : nil
  }
}
