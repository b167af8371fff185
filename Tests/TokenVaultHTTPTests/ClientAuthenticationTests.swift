import Testing
import TokenServerFixture

@testable import TokenVault
@testable import TokenVaultHTTP

@Suite struct ClientAuthenticationTests {
  private let server: TokenServer

  init() throws { server = try TokenServer() }

  private func call(_ token: OAuthToken) throws -> TokenServerLog.Call {
    _ = try RefreshTokenGrant.patient.refreshAndWait(token)
    return try #require(try server.log().calls.last)
  }

  private var url: String { "\(server.url)/token" }

  @Test(arguments: ["client_secret_basic", "client_secret_post"])
  func theRecordNamesTheMethod(_ method: String) throws {
    var token = record(at: url, method: .text(Secret(method)))
    token.clientID = "a b:ü&"
    token.clientSecret = "p:ä+s%s="
    let call = try call(token)
    #expect(call.authentication == method)
    #expect(call.client == "a b:ü&")
    #expect(call.secret == "p:ä+s%s=")
    #expect(call.body.contains("client_id") == (method == "client_secret_post"))
  }

  @Test func idAndSecretAreEncodedBeforeTheyAreInTheHeader() throws {
    var token = record(at: url, method: .text("client_secret_basic"))
    token.clientID = "a b"
    token.clientSecret = "c:d"
    // a+b:c%3Ad
    #expect(try call(token).headers["authorization"] == "Basic YStiOmMlM0Fk")
  }

  @Test func aPublicClientSendsItsIDAlone() throws {
    let call = try call(record(at: url, method: .text("none")))
    #expect(call.authentication == "none")
    #expect(call.client == "app")
    #expect(!call.body.contains("word"))
  }

  @Test func withoutAMethodASecretGoesIntoTheHeader() throws {
    #expect(try call(record(at: url)).authentication == "client_secret_basic")
    #expect(try call(record(at: url, family: "bob", secret: nil)).authentication == "none")
  }

  @Test func zohosServersWantTheSecretInTheBody() throws {
    let libcurl = try Libcurl.loaded()
    var token = record(at: "https://accounts.zoho.eu/oauth/v2/token")
    for _ in 0..<2 {
      let request = try TokenEndpointRequest(token, libcurl)
      #expect(request.endpoint.host == "accounts.zoho.eu")
      #expect(
        String(decoding: request.body(), as: UTF8.self)
          == "grant_type=refresh_token&refresh_token=ann.0&client_id=app&client_secret=word")
      // The same from the base URL of the API.
      token.attributes["token_endpoint"] = nil
      token.apiDomain = "https://www.zohoapis.eu"
    }
    token.clientSecret = nil
    let body = try TokenEndpointRequest(token, libcurl).body()
    #expect(
      String(decoding: body, as: UTF8.self)
        == "grant_type=refresh_token&refresh_token=ann.0&client_id=app")
  }

  @Test func aRecordThatLacksSomethingIsNotSent() throws {
    let cases: [(String, (inout OAuthToken) -> Void)] = [
      ("it has no refresh_token", { $0.refreshToken = nil }),
      ("it has no refresh_token", { $0.refreshToken = "" }),
      ("it has no client_id", { $0.clientID = nil }),
      (
        "it has no token_endpoint, the URL to refresh it at",
        { $0.attributes["token_endpoint"] = nil }
      ),
      (
        "it has no token_endpoint, the URL to refresh it at",
        {
          $0.attributes["token_endpoint"] = nil
          $0.apiDomain = "https://www.example.com"
        }
      ),
      ("its token_endpoint is no text", { $0.attributes["token_endpoint"] = .json("[]") }),
      (
        "its token_endpoint is not https",
        { $0.attributes["token_endpoint"] = .text("http://auth.example/") }
      ),
      (
        "its token_endpoint_auth_method is no text",
        { $0.attributes["token_endpoint_auth_method"] = .json("1") }
      ),
      (
        "its token_endpoint_auth_method is none of client_secret_basic, client_secret_post and none",
        { $0.attributes["token_endpoint_auth_method"] = .text("private_key_jwt") }
      ),
      (
        "its token_endpoint_auth_method needs a client_secret, and it has none",
        {
          $0.attributes["token_endpoint_auth_method"] = .text("client_secret_post")
          $0.clientSecret = nil
        }
      ),
    ]
    for (reason, change) in cases {
      var token = record(at: url)
      change(&token)
      #expect(throws: TokenVaultError.notRenewable(id: "1", reason: reason)) {
        _ = try RefreshTokenGrant.patient.refreshAndWait(token)
      }
    }
    #expect(try server.log().total == 0)
  }
}
