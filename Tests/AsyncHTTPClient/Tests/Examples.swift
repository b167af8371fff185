import AsyncHTTPClient
import NIOCore
import TokenVault
import TokenVaultHTTP

// The example of the documentation of TokenVaultHTTP: a test of the main package compares the texts.

func refreshedToken(in vault: Vault) async throws -> FreshToken {
  // A client that follows a redirect sends the refresh token to another server.
  let client = HTTPClient(configuration: .init(redirectConfiguration: .disallow))

  let grant = RefreshTokenGrant { post in
    var request = HTTPClientRequest(url: post.url)
    request.method = .POST
    for (name, value) in post.headers { request.headers.add(name: name, value: value) }
    request.body = .bytes(post.body)
    let response = try await client.execute(request, timeout: TimeAmount(post.timeout))
    let body = try await response.body.collect(upTo: RefreshAnswer.sizeLimit)
    return TokenEndpointReply(
      status: Int(response.status.code),
      contentType: response.headers.first(name: "Content-Type"),
      retryAfter: response.headers.first(name: "Retry-After").flatMap { Int($0) },
      body: Array(body.readableBytesView))
  }
  let fresh = try await vault.freshToken(
    for: TokenQuery(userName: "ann"), refreshing: grant.refresh)

  // Before the program ends.
  try await client.shutdown()
  return fresh
}
