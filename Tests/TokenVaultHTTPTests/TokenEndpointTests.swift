import Testing

@testable import TokenVaultHTTP

@Suite struct TokenEndpointTests {
  @Test(arguments: [
    "https://accounts.zoho.eu/oauth/v2/token", "https://auth.example:8443/token?tenant=1",
    "HTTPS://auth.example/token", "https://[2001:db8::1]/token", "https://localhost/token",
    "http://localhost/token", "http://LocalHost:8080/token", "http://127.0.0.1:8080/token",
    "http://127.255.255.254/token", "http://[::1]:8080/token", "http://[0:0:0:0:0:0:0:1]/token",
    // Other ways to write 127.0.0.1: libcurl connects to what it was checked as.
    "http://127.1/token", "http://2130706433/token", "http://0x7f000001/token",
  ])
  func httpsAndThisComputerAreTaken(_ url: String) throws {
    _ = try TokenEndpoint(url, Libcurl.loaded())
  }

  @Test(arguments: [
    "", "auth.example/token", "//auth.example/token", "https://", "nonsense",
    "http://auth.example/token", "http://10.0.0.1/token", "http://128.0.0.1/token",
    "http://127.0.0.1.evil.example/token", "http://localhost.evil.example/token",
    "http://localhost./token", "http://evil.localhost/token", "http://0.0.0.0/token",
    "http://0177.0.0.1.example/token", "http://[::ffff:127.0.0.1]/token", "http://[::]/token",
    "http://[::1%25eth0]/token",
    "http://127.0.0.1@evil.example/token", "http://127.0.0.1:80@evil.example/token",
    "http://localhost:8080\\@evil.example/token", "http://evil.example#@127.0.0.1/token",
    "http://evil.example\\@127.0.0.1/token", "http://evil.example/?@127.0.0.1",
    "http://127.0.0.1 .evil.example/token", "http://127.0.0.1\n.evil.example/token",
    "http://127.0.0.1\0.evil.example/token", "http://127.0.0.1%2eevil.example/token",
    "http://127.0.0.1\u{FF0E}evil.example/token", "http://l\u{FF4F}calhost/token",
    "https://user@auth.example/token", "https://user:word@auth.example/token",
    "https://@auth.example/token", "https://:@auth.example/token",
    "https://auth.example/token#part", "https://auth.example/token#",
    "ftp://localhost/token", "file:///etc/passwd", "gopher://127.0.0.1/token",
    "https://auth.example:99999/token", "https://auth.example:x/token",
    "https://auth.example/to ken", "https://auth.example/\r\nHost: evil.example",
  ])
  func whateverElseIsRefused(_ url: String) throws {
    let libcurl = try Libcurl.loaded()
    #expect(throws: NotRenewable.self) { try TokenEndpoint(url, libcurl) }
  }

  @Test func theReasonIsToldWithoutTheURL() throws {
    let libcurl = try Libcurl.loaded()
    for (url, reason) in [
      ("http://auth.example/?key=secret", "is not https"),
      ("https://ann:secret@auth.example/", "is no https URL, or one with a user name"),
      ("https://auth.example/#secret", "has a fragment"),
    ] {
      let error = #expect(throws: NotRenewable.self) { try TokenEndpoint(url, libcurl) }
      #expect(error?.reason == "its token_endpoint \(reason)")
    }
  }

  @Test func localhostIsPinnedToThisComputer() throws {
    let libcurl = try Libcurl.loaded()
    let endpoint = try TokenEndpoint("http://localhost:8080/token", libcurl)
    #expect(endpoint.pinnedAddress == "localhost:8080:127.0.0.1,[::1]")
    let plain = try TokenEndpoint("http://localhost/token", libcurl)
    #expect(plain.pinnedAddress == "localhost:80:127.0.0.1,[::1]")
    #expect(try TokenEndpoint("https://auth.example", libcurl).pinnedAddress == nil)
  }
}
