internal import CCurl
internal import TokenVault

/// The one request of a refresh, and its answer. Nothing is tried twice: a refresh token may be good for one use.
struct RefreshTransfer {
  let libcurl: Libcurl
  let request: TokenEndpointRequest
  let timeout: Duration
  let certificateAuthorities: String?
  let cancellation: TransferCancellation

  /// Sends the request and waits for the answer.
  func answer() throws(RefreshFailure) -> HTTPAnswer {
    guard !cancellation.isCancelled else {
      throw RefreshFailure("it was cancelled", mayHaveUsedToken: false)
    }
    let (handle, buffer) = (try CurlHandle(libcurl), AnswerBuffer())
    try restrict(handle)
    try secure(handle)
    try limit(handle)
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

  /// How a transfer ends that lacks nothing but its end.
  private static let unended = [CURLE_OPERATION_TIMEDOUT, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR]

  /// No redirects, no second connection, no cookies and no passwords from files, which libcurl leaves out by
  /// itself; HTTP/1.1, whose half answers cannot be taken for whole ones.
  private func restrict(_ handle: CurlHandle) throws(RefreshFailure) {
    try handle.set(CURLOPT_PROTOCOLS_STR, request.endpoint.isEncrypted ? "https" : "http")
    try handle.set(CURLOPT_FOLLOWLOCATION, 0)
    try handle.set(CURLOPT_FORBID_REUSE, 1)
    try handle.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
    try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    try handle.set(CURLOPT_USERAGENT, "TokenVault")
    try handle.set(CURLOPT_HTTPHEADER, list: ["Accept: application/json", "Expect:"])
  }

  private func secure(_ handle: CurlHandle) throws(RefreshFailure) {
    try handle.set(CURLOPT_SSL_VERIFYPEER, 1)
    try handle.set(CURLOPT_SSL_VERIFYHOST, 2)
    try handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let certificateAuthorities {
      try handle.set(CURLOPT_CAINFO, certificateAuthorities)
      try unsafe handle.set(CURLOPT_CAPATH, nil)
    }
  }

  private func limit(_ handle: CurlHandle) throws(RefreshFailure) {
    // 0 would be for ever.
    let milliseconds = min(max(timeout / .milliseconds(1), 1), 1e9)
    try handle.set(CURLOPT_TIMEOUT_MS, Int(milliseconds))
    try handle.set(CURLOPT_CONNECTTIMEOUT_MS, Int(min(milliseconds, 10_000)))
    try handle.set(CURLOPT_NOSIGNAL, 1)
    // A name server that does not answer must not hold us longer than this.
    handle.setIfKnown(CURLOPT_QUICK_EXIT, 1)
    try handle.setCancellation(cancellation)
  }

  private func address(_ handle: CurlHandle) throws(RefreshFailure) {
    try handle.setURL(request.endpoint.url)
    guard request.endpoint.isLoopback else { return }
    // What is not encrypted must not leave this computer: by no proxy, and by no name server's word.
    try handle.set(CURLOPT_NOPROXY, "*")
    if let pin = request.endpoint.pinnedAddress { try handle.set(CURLOPT_RESOLVE, list: [pin]) }
  }

  private func authenticate(_ handle: CurlHandle) throws(RefreshFailure) {
    // As a form has them (RFC 6749, section 2.3.1).
    guard case .basic(let id, let secret) = request.authentication else { return }
    try handle.set(CURLOPT_USERNAME, secret: FormText.encoded(id.revealed))
    try handle.set(CURLOPT_PASSWORD, secret: FormText.encoded(secret.revealed))
  }

  private func send(_ handle: CurlHandle) throws(RefreshFailure) -> CURLcode {
    var body = request.body
    defer { body.cleanse() }
    return unsafe try body.withUnsafeBytes { (bytes) throws(RefreshFailure) in
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
