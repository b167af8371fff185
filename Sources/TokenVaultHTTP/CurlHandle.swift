internal import CCurl
internal import Glibc
internal import TokenVault
internal import VaultCrypto

/// One transfer of libcurl (libcurl-easy(3)): its options, and its properties afterwards.
@safe final class CurlHandle {
  private let libcurl: Libcurl
  private let handle: Libcurl.Handle
  private let errorText: UnsafeMutablePointer<CChar>
  private var lists: [Libcurl.List]
  /// The objects that libcurl points to, kept alive as long as it may use them.
  private var kept: [AnyObject] = []

  init(_ libcurl: Libcurl) throws(RefreshFailure) {
    guard let handle = unsafe libcurl.functions.easy_init() else {
      throw RefreshFailure("libcurl has no memory left", mayHaveUsedToken: false)
    }
    self.libcurl = libcurl
    unsafe self.handle = unsafe handle
    unsafe lists = []
    unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    try unsafe set(CURLOPT_ERRORBUFFER, errorText)
  }

  func set(_ option: CURLoption, _ value: Int) throws(RefreshFailure) {
    try check(unsafe ccurl_set_long(libcurl.table, handle, option, value), option)
  }

  /// Sets a flag that older versions of libcurl do not know; it is not essential.
  func setIfKnown(_ option: CURLoption, _ value: Int) {
    _ = unsafe ccurl_set_long(libcurl.table, handle, option, value)
  }

  /// Sets a text, which libcurl copies.
  func set(_ option: CURLoption, _ text: String) throws(RefreshFailure) {
    guard !text.utf8.contains(0) else {
      throw RefreshFailure("a text for libcurl has a zero byte in it", mayHaveUsedToken: false)
    }
    try check(unsafe ccurl_set_pointer(libcurl.table, handle, option, text), option)
  }

  /// Sets a pointer to memory that must live as long as this handle.
  func set(_ option: CURLoption, _ pointer: UnsafeRawPointer?) throws(RefreshFailure) {
    try check(unsafe ccurl_set_pointer(libcurl.table, handle, option, pointer), option)
  }

  /// Sets a secret text, and cleanses its bytes. The copy that libcurl makes is not cleansed.
  func set(_ option: CURLoption, secret bytes: consuming [UInt8]) throws(RefreshFailure) {
    bytes.append(0)
    let code = unsafe bytes.withUnsafeBytes { text in
      unsafe ccurl_set_pointer(libcurl.table, handle, option, text.baseAddress)
    }
    bytes.cleanse()
    try check(code, option)
  }

  /// Sets a list of texts, which libcurl copies.
  func set(_ option: CURLoption, list lines: [String]) throws(RefreshFailure) {
    var list: Libcurl.List?
    defer { if let list = unsafe list { unsafe lists.append(list) } }
    for line in lines {
      guard let longer = unsafe libcurl.functions.slist_append(list, line) else {
        throw RefreshFailure("libcurl has no memory left", mayHaveUsedToken: false)
      }
      unsafe list = unsafe longer
    }
    try unsafe set(option, UnsafeRawPointer(list))
  }

  /// Sets the URL, which libcurl does not copy.
  func setURL(_ url: CurlURL) throws(RefreshFailure) {
    kept.append(url)
    try unsafe set(CURLOPT_CURLU, UnsafeRawPointer(url.handle))
  }

  /// Sends the body without a copy, so that the caller can cleanse it, and then clears the pointer to it.
  func perform(posting body: UnsafeRawBufferPointer) throws(RefreshFailure) -> CURLcode {
    try set(CURLOPT_POST, 1)
    try set(CURLOPT_POSTFIELDSIZE, body.count)
    try unsafe set(CURLOPT_POSTFIELDS, body.baseAddress)
    let code = BrokenPipeSignal.suppressed { unsafe libcurl.functions.easy_perform(handle) }
    // If this fails, the answer is valid nevertheless.
    _ = unsafe ccurl_set_pointer(libcurl.table, handle, CURLOPT_POSTFIELDS, nil)
    return code
  }

  func setBuffer(_ buffer: AnswerBuffer) throws(RefreshFailure) {
    kept.append(buffer)
    let code = unsafe ccurl_set_writer(libcurl.table, handle) { start, size, count, buffer in
      guard let buffer = unsafe buffer else { return 0 }
      let bytes = unsafe UnsafeRawBufferPointer(start: start, count: size * count)
      let isStored = unsafe Unmanaged<AnswerBuffer>.fromOpaque(buffer).takeUnretainedValue()
        .append(bytes)
      // Any count but that of the bytes ends the transfer.
      return isStored ? bytes.count : bytes.count &+ 1
    }
    try check(code, CURLOPT_WRITEFUNCTION)
    try unsafe set(CURLOPT_WRITEDATA, Unmanaged.passUnretained(buffer).toOpaque())
  }

  /// Lets `cancellation` end the transfer, within about a second.
  func setCancellation(_ cancellation: TransferCancellation) throws(RefreshFailure) {
    kept.append(cancellation)
    let code = unsafe ccurl_set_observer(libcurl.table, handle) { cancellation, _, _, _, _ in
      guard let cancellation = unsafe cancellation else { return 0 }
      return unsafe Unmanaged<TransferCancellation>.fromOpaque(cancellation).takeUnretainedValue()
        .isCancelled ? 1 : 0
    }
    try check(code, CURLOPT_XFERINFOFUNCTION)
    try unsafe set(CURLOPT_XFERINFODATA, Unmanaged.passUnretained(cancellation).toOpaque())
    try set(CURLOPT_NOPROGRESS, 0)
  }

  func number(_ info: CURLINFO) -> Int {
    var value = 0
    return unsafe ccurl_get_long(libcurl.table, handle, info, &value) == CURLE_OK ? value : 0
  }

  /// A time, in the unit that `info` defines.
  func time(_ info: CURLINFO) -> Int {
    var value: curl_off_t = 0
    return unsafe ccurl_get_offset(libcurl.table, handle, info, &value) == CURLE_OK ? value : 0
  }

  func text(_ info: CURLINFO) -> String? {
    var value: UnsafePointer<CChar>?
    guard unsafe ccurl_get_text(libcurl.table, handle, info, &value) == CURLE_OK,
      let value = unsafe value
    else { return nil }
    return unsafe String(cString: value)
  }

  /// What libcurl says of a failure. May contain text of the server.
  func explanation(_ code: CURLcode) -> String {
    if unsafe errorText.pointee != 0 { return unsafe String(cString: errorText) }
    return unsafe libcurl.functions.easy_strerror(code).map { unsafe String(cString: $0) }
      ?? "error \(code.rawValue)"
  }

  private func check(_ code: CURLcode, _ option: CURLoption) throws(RefreshFailure) {
    guard code != CURLE_OK else { return }
    throw RefreshFailure(
      "libcurl refused option \(option.rawValue) (error \(code.rawValue)); version 7.85 or later is needed",
      mayHaveUsedToken: false)
  }

  deinit {
    unsafe libcurl.functions.easy_cleanup(handle)
    for index in unsafe lists.indices { unsafe libcurl.functions.slist_free_all(lists[index]) }
    unsafe errorText.deallocate()
  }
}
