internal import CCurl

/// A URL as libcurl parses it (libcurl-url(3)).
@safe final class CurlURL {
  let handle: OpaquePointer
  private let libcurl: Libcurl

  /// Parses a URL; nil if `text` is none, or has a user name.
  init?(_ text: String, _ libcurl: Libcurl) {
    // A C string ends at a zero byte.
    guard !text.utf8.contains(0), let handle = unsafe libcurl.functions.url() else { return nil }
    unsafe self.handle = unsafe handle
    self.libcurl = libcurl
    let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER)
    guard unsafe libcurl.functions.url_set(handle, CURLUPART_URL, text, flags) == CURLUE_OK else {
      return nil
    }
  }

  /// A part of the URL, if it has one; without a port, the default port of its scheme.
  func part(_ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    let flags = UInt32(CURLU_DEFAULT_PORT)
    guard unsafe libcurl.functions.url_get(handle, part, &text, flags) == CURLUE_OK,
      let text = unsafe text
    else { return nil }
    defer { unsafe libcurl.functions.free(text) }
    return unsafe String(cString: text)
  }

  deinit { unsafe libcurl.functions.url_cleanup(handle) }
}
