import Testing

@testable import TokenRecords
@testable import TokenVault

@Suite struct ZohoAccountsTests {
  @Test(arguments: [
    ("https://www.zohoapis.com", "accounts.zoho.com"),
    ("https://www.zohoapis.com/", "accounts.zoho.com"),
    ("HTTPS://WWW.ZohoAPIs.COM", "accounts.zoho.com"),
    ("https://www.zohoapis.eu", "accounts.zoho.eu"),
    ("https://www.zohoapis.in", "accounts.zoho.in"),
    ("https://www.zohoapis.com.au", "accounts.zoho.com.au"),
    ("https://www.zohoapis.com.cn", "accounts.zoho.com.cn"),
    ("https://www.zohoapis.jp", "accounts.zoho.jp"),
    ("https://www.zohoapis.sa", "accounts.zoho.sa"),
    ("https://www.zohoapis.ca", "accounts.zohocloud.ca"),
  ])
  func eachDataCenterHasItsAccountsServer(_ domain: String, _ host: String) {
    #expect(ZohoAccounts.tokenEndpoint(forAPI: domain) == "https://\(host)/oauth/v2/token")
    #expect(ZohoAccounts.isServer(host))
  }

  @Test(arguments: [
    "", "www.zohoapis.com", "http://www.zohoapis.com", "https://www.zohoapis.com.evil.example",
    "https://evil.example/www.zohoapis.com", "https://www.zohoapis.com@evil.example",
    "https://www.zohoapis.com//", "https://zohoapis.com", "https://sandbox.example",
  ])
  func whatIsNotZohosHasNone(_ domain: String) {
    #expect(ZohoAccounts.tokenEndpoint(forAPI: domain) == nil)
  }
}
