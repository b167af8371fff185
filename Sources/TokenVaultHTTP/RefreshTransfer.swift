internal import CCurl
internal import TokenVault
internal import VaultCrypto

/// The one request of a refresh, and its answer. No request is repeated: a refresh token may be good for one use.
struct RefreshTransfer {
  let libcurl: Libcurl
  let request: TokenEndpointRequest<TokenEndpoint>
  let timeout: Duration
  let certificateAuthorities: String?
  let cancellation: TransferCancellation

  func answer() throws(RefreshFailure) -> HTTPAnswer {
    guard !cancellation.isCancelled else {
      throw RefreshFailure("it was cancelled", mayHaveUsedToken: false)
    }
    let (handle, buffer) = (try CurlHandle(libcurl), AnswerBuffer())
    try configure(handle)
    try address(handle)
    try authenticate(handle)
    try handle.setBuffer(buffer)
    let code = try send(handle)
    let answer = HTTPAnswer(
      status: handle.number(CURLINFO_RESPONSE_CODE),
      contentType: handle.text(CURLINFO_CONTENT_TYPE),
      retryAfter: handle.time(CURLINFO_RETRY_AFTER), body: buffer)
    if code == CURLE_OK || (Self.unended.contains(code) && answer.isWhole) { return answer }
    throw buffer.isTooLong
      ? RefreshFailure("the answer is longer than \(RefreshAnswer.sizeLimit) bytes")
      : failure(code, handle)
  }

  /// The failures after which the answer may be whole: only the end of the connection was not seen.
  private static let unended = [CURLE_OPERATION_TIMEDOUT, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR]

  private func configure(_ handle: CurlHandle) throws(RefreshFailure) {
    for (option, value) in numbers { try handle.set(option, value) }
    // A name server that does not answer must not delay the end of the transfer.
    handle.setIfKnown(CURLOPT_QUICK_EXIT, 1)
    try handle.set(CURLOPT_USERAGENT, "TokenVault")
    try handle.set(CURLOPT_HTTPHEADER, list: ["Accept: application/json", "Expect:"])
    if let certificateAuthorities {
      try handle.set(CURLOPT_CAINFO, certificateAuthorities)
      try unsafe handle.set(CURLOPT_CAPATH, nil)
    }
    try handle.setCancellation(cancellation)
  }

  /// No redirects, no second connection, and no passwords from files; libcurl stores no cookies by default. HTTP/1.1,
  /// because there a truncated answer cannot pass for a whole one.
  private var numbers: KeyValuePairs<CURLoption, Int> {
    // libcurl takes 0 as no limit.
    let milliseconds = Int(min(max(timeout / .milliseconds(1), 1), 1e9))
    return [
      CURLOPT_FOLLOWLOCATION: 0, CURLOPT_FORBID_REUSE: 1,
      CURLOPT_NETRC: Int(CURL_NETRC_IGNORED.rawValue),
      CURLOPT_HTTP_VERSION: Int(CURL_HTTP_VERSION_1_1),
      CURLOPT_SSL_VERIFYPEER: 1, CURLOPT_SSL_VERIFYHOST: 2,
      CURLOPT_SSLVERSION: Int(CURL_SSLVERSION_TLSv1_2),
      CURLOPT_TIMEOUT_MS: milliseconds, CURLOPT_CONNECTTIMEOUT_MS: min(milliseconds, 10_000),
      CURLOPT_NOSIGNAL: 1,
    ]
  }

  private func address(_ handle: CurlHandle) throws(RefreshFailure) {
    try handle.set(CURLOPT_PROTOCOLS_STR, request.endpoint.isEncrypted ? "https" : "http")
    try handle.setURL(request.endpoint.url)
    guard request.endpoint.isLoopback else { return }
    // Plaintext must not leave this computer, neither through a proxy nor by the word of a name server.
    try handle.set(CURLOPT_NOPROXY, "*")
    if let pin = request.endpoint.pinnedAddress { try handle.set(CURLOPT_RESOLVE, list: [pin]) }
  }

  private func authenticate(_ handle: CurlHandle) throws(RefreshFailure) {
    // Encoded as in a form (RFC 6749, section 2.3.1).
    guard case .basic(let id, let secret) = request.authentication else { return }
    try handle.set(CURLOPT_USERNAME, secret: FormText.encoded(id.revealed))
    try handle.set(CURLOPT_PASSWORD, secret: FormText.encoded(secret.revealed))
  }

  private func send(_ handle: CurlHandle) throws(RefreshFailure) -> CURLcode {
    var body = request.body()
    defer { body.cleanse() }
    return unsafe try body.span.withUnsafeBytes { (bytes) throws(RefreshFailure) in
      unsafe try handle.perform(posting: bytes)
    }
  }

  private func failure(_ code: CURLcode, _ handle: CurlHandle) -> RefreshFailure {
    TransferFailure(
      code: code, explanation: handle.explanation(code),
      hasSentRequest: handle.time(CURLINFO_PRETRANSFER_TIME_T) > 0, timeout: timeout
    ).refreshFailure
  }
}
