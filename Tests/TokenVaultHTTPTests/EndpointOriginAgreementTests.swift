import CCurl
import Testing

@testable import TokenRecords
@testable import TokenVaultHTTP

/// What a save takes for the same server, libcurl connects to as the same server.
@Suite struct EndpointOriginAgreementTests {
  private static let hosts = [
    "bank.example", "BANK.example", "bank.example.", "127.0.0.1", "127.1", "0x7f.1", "localhost",
    "[::1]", "[0:0:0:0:0:0:0:1]", "bank_1.example",
  ]
  private static let urls = ["https://", "HTTPS://", "http://"].flatMap { scheme in
    hosts.flatMap { host in
      ["", ":443", ":80", ":8443"].flatMap { port in
        ["", "/token", "?a=b", "/\\@evil.example", "?@evil.example", "/@evil.example:1/"].map {
          scheme + host + port + $0
        }
      }
    }
  }

  @Test func equalOriginsAreOneServerForLibcurl() throws {
    let libcurl = try Libcurl.loaded()
    var servers: [String: Set<String>] = [:]
    for text in Self.urls {
      guard let origin = EndpointOrigin.text(of: text), let url = CurlURL(text, libcurl) else {
        continue
      }
      let parts = [CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT].map { url.part($0) ?? "-" }
      servers[origin, default: []].insert(parts.joined(separator: " ").lowercased())
    }
    #expect(servers.count > 30)
    for (origin, read) in servers { #expect(read.count == 1, "\(origin): \(read)") }
  }
}
