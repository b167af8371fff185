/// Zoho's accounts servers, by data center. Zoho's SDKs store the base URL of the API, but not the token endpoint.
package enum ZohoAccounts {
  private static let servers = [
    "www.zohoapis.com": "accounts.zoho.com",
    "www.zohoapis.eu": "accounts.zoho.eu",
    "www.zohoapis.in": "accounts.zoho.in",
    "www.zohoapis.com.au": "accounts.zoho.com.au",
    "www.zohoapis.com.cn": "accounts.zoho.com.cn",
    "www.zohoapis.jp": "accounts.zoho.jp",
    "www.zohoapis.sa": "accounts.zoho.sa",
    "www.zohoapis.ca": "accounts.zohocloud.ca",
  ]

  /// The token endpoint for the API at this base URL; nil if the URL is not Zoho's.
  package static func tokenEndpoint(forAPI domain: String) -> String? {
    let domain = domain.lowercased()
    let scheme = "https://"
    guard domain.hasPrefix(scheme) else { return nil }
    var host = domain.dropFirst(scheme.count)
    if host.last == "/" { host = host.dropLast() }
    return servers[String(host)].map { "https://\($0)/oauth/v2/token" }
  }

  /// Whether this host is one of the accounts servers.
  package static func isServer(_ host: String) -> Bool {
    servers.values.contains(host.lowercased())
  }
}
