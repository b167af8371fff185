/// The scheme, host and port of an https or http URL (RFC 6454, section 4).
///
/// Only URLs that all parsers read alike have one: the save that compares origins and the libcurl that later connects
/// must never disagree about the host.
package struct EndpointOrigin {
  /// In lower case; IPv6 in brackets.
  package let host: String
  package let isEncrypted: Bool
  /// The port with its colon, empty for the scheme's default.
  private let port: String

  /// Nil for a text that is no such URL.
  package init?(_ url: String) {
    guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    let url = url.lowercased()
    guard let scheme = ["https", "http"].first(where: { url.hasPrefix("\($0)://") }) else {
      return nil
    }
    let authority = url.dropFirst(scheme.count + 3).prefix { !"/?#".contains($0) }
    let host = authority.first == "[" ? Self.addressInBrackets(authority) : Self.name(authority)
    guard let host, !host.isEmpty else { return nil }
    guard let port = Self.port(authority.dropFirst(host.count), scheme) else { return nil }
    (self.host, isEncrypted, self.port) = (String(host), scheme == "https", port)
  }

  /// `https://host`, `http://host:port` and the like, in lower case and without a default port; nil for any other text.
  static func text(of url: String) -> String? {
    EndpointOrigin(url).map { "\($0.isEncrypted ? "https" : "http")://\($0.host)\($0.port)" }
  }

  private static func name(_ authority: Substring) -> Substring? {
    let host = authority.prefix { $0 != ":" }
    let isPlain = host.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "-._".utf8.contains($0)
    }
    return isPlain ? host : nil
  }

  private static func addressInBrackets(_ authority: Substring) -> Substring? {
    guard let end = authority.firstIndex(of: "]") else { return nil }
    let host = authority[...end]
    let isPlain = host.dropFirst().dropLast().utf8.allSatisfy {
      "0123456789abcdef:.".utf8.contains($0)
    }
    return isPlain ? host : nil
  }

  /// The port with its colon, empty for the scheme's default; nil if it is not a plain number.
  private static func port(_ text: Substring, _ scheme: String) -> String? {
    if text.isEmpty { return "" }
    guard text.first == ":", let number = UInt16(text.dropFirst()), ":\(number)" == text else {
      return nil
    }
    return number == (scheme == "https" ? 443 : 80) ? "" : ":\(number)"
  }
}

extension String {
  /// Whether a URL has no user, query or fragment, any of which may be a secret.
  package var isPlainURL: Bool {
    EndpointOrigin.text(of: self) != nil && !utf8.contains { "?#@".utf8.contains($0) }
  }
}
