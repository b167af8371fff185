internal import CCurl
internal import TokenVault

/// A transfer that failed in libcurl.
struct TransferFailure {
  let code: CURLcode
  let explanation: String
  /// Whether the request itself was sent, and not only bytes to a proxy or of TLS.
  let hasSentRequest: Bool
  let timeout: Duration

  /// The failure as ``Vault`` handles it.
  var refreshFailure: RefreshFailure {
    RefreshFailure(sentence, mayHaveUsedToken: hasSentRequest)
  }

  private static let unconnected = [
    CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
  ]
  private static let insecure = [
    CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
    CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ISSUER_ERROR,
    CURLE_SSL_INVALIDCERTSTATUS,
  ]
  private static let endings = [
    CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR,
  ]

  private var isAboutProxy: Bool {
    code == CURLE_COULDNT_RESOLVE_PROXY || explanation.contains("CONNECT tunnel")
      || explanation.lowercased().contains("proxy")
  }

  /// What libcurl says, except of a proxy, whose URL may contain a password.
  private var words: String {
    isAboutProxy && !explanation.hasPrefix("CONNECT tunnel")
      ? "error \(code.rawValue) of libcurl" : explanation.visible(limit: 200)
  }

  private var sentence: String {
    switch code {
    case CURLE_ABORTED_BY_CALLBACK: "it was cancelled"
    case CURLE_OPERATION_TIMEDOUT where hasSentRequest:
      "there was no answer within \((timeout / .seconds(1)).plain) s"
    case _ where !hasSentRequest && isAboutProxy: "the proxy is of no use: \(words)"
    case CURLE_OPERATION_TIMEDOUT: "could not connect: \(words)"
    case _ where Self.unconnected.contains(code): "could not connect: \(words)"
    case _ where Self.insecure.contains(code): "there is no safe connection: \(words)"
    case _ where Self.endings.contains(code): "the answer ended too early: \(words)"
    default: "the call failed: \(words)"
    }
  }
}
