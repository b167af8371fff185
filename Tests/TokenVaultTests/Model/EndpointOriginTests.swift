import Testing

@testable import TokenRecords
@testable import TokenVault

@Suite struct EndpointOriginTests {
  @Test(arguments: [
    ("https://bank.example", "https://bank.example"),
    ("HTTPS://Bank.Example:443/a?b#c", "https://bank.example"),
    ("https://bank.example:8443?x", "https://bank.example:8443"),
    ("http://127.0.0.1:80/token", "http://127.0.0.1"),
    ("http://localhost:8080#@evil", "http://localhost:8080"),
    ("https://[2001:DB8::1]:443/", "https://[2001:db8::1]"),
    ("https://a_b-c.example/\\@evil", "https://a_b-c.example"),
  ])
  func aPlainURLHasOne(_ url: String, _ origin: String) {
    #expect(EndpointOrigin.text(of: url) == origin)
  }

  @Test(arguments: [
    "", "bank.example", "//bank.example", "https:bank.example", "https://", "https:///x",
    "ftp://bank.example", " https://bank.example", "https://bank.example \n",
    "https://bank.example\\@evil.example", "https://bank.example:443@evil.example/",
    "https://user@bank.example", "https://@bank.example", "https://bank.example:",
    "https://bank.example:0443", "https://bank.example:+443", "https://bank.example:65536",
    "https://bank.example:x", "https://bank%2eexample", "https://ban\u{212A}.example",
    "https://bänk.example", "https://[::1", "https://[::1%25eth0]", "https://[::1]x",
    "https://[::1]:x", "https://bank.example\u{0}.evil.example", "https://[bank.example]",
  ])
  func aTextThatParsersMayReadInTwoWaysHasNone(_ url: String) {
    #expect(EndpointOrigin.text(of: url) == nil)
  }
}
