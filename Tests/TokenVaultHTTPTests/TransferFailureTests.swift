import CCurl
import Testing
import TokenVault

@testable import TokenVaultHTTP

/// What a failed transfer says of the refresh token.
@Suite struct TransferFailureTests {
  private func failure(
    _ code: CURLcode, request: Bool, _ explanation: String = "why"
  ) -> RefreshFailure {
    TransferFailure(
      code: code, explanation: explanation, hasSentRequest: request,
      timeout: .seconds(25)
    ).refreshFailure
  }

  @Test func whatWasNotSentHasUsedNothing() {
    for code in [CURLE_OPERATION_TIMEDOUT, CURLE_ABORTED_BY_CALLBACK, CURLE_SSL_CONNECT_ERROR] {
      #expect(!failure(code, request: false).mayHaveUsedToken)
    }
    // Bytes to a proxy, and then no connection through it.
    for code in [CURLE_COULDNT_CONNECT, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR] {
      #expect(!failure(code, request: false).mayHaveUsedToken)
    }
  }

  @Test func whatWasSentMayHaveUsedTheToken() {
    for code in [CURLE_OPERATION_TIMEDOUT, CURLE_RECV_ERROR, CURLE_GOT_NOTHING] {
      #expect(failure(code, request: true).mayHaveUsedToken)
      #expect(!failure(code, request: false).mayHaveUsedToken, "a proxy has bytes of ours")
    }
    // TLS may break after the request too.
    #expect(failure(CURLE_SSL_CONNECT_ERROR, request: true).mayHaveUsedToken)
  }

  @Test func theSentenceSaysWhichOfThem() {
    let timeout = CURLE_OPERATION_TIMEDOUT
    #expect(
      failure(timeout, request: true).description
        == "there was no answer within 25 s")
    #expect(
      failure(timeout, request: false).description == "could not connect: why")
    #expect(
      failure(CURLE_GOT_NOTHING, request: true).description
        == "the answer ended too early: why")
    #expect(
      failure(CURLE_WEIRD_SERVER_REPLY, request: true).description
        == "the call failed: why")
  }

  @Test func aServersWordsAreCutToVisibleOnes() {
    let words = "a\u{1B}[31mb\n" + String(repeating: "c", count: 1000)
    let failure = failure(CURLE_PEER_FAILED_VERIFICATION, request: false, words)
    #expect(failure.description.hasPrefix("there is no safe connection: a[31mbccc"))
    #expect(failure.description.utf8.count == 229)
  }

  @Test func aProxysPasswordIsNotTold() {
    for (code, words) in [
      (CURLE_COULDNT_CONNECT, "Unsupported proxy scheme for 'x://u:hidden@p'"),
      (CURLE_COULDNT_RESOLVE_PROXY, "Could not resolve proxy: hidden"),
    ] {
      let failure = failure(code, request: false, words)
      #expect(failure.description.hasPrefix("the proxy is of no use: "))
      #expect(!failure.description.contains("hidden"))
    }
    #expect(
      failure(CURLE_RECV_ERROR, request: false, "CONNECT tunnel failed, response 407").description
        == "the proxy is of no use: CONNECT tunnel failed, response 407")
  }
}
