internal import CCurl

/// A URL that libcurl has taken apart (libcurl-url(3)).
@safe final class CurlURL {
  let handle: OpaquePointer
  private let libcurl: Libcurl

  /// Nil for what is no URL, or one with a user name.
  init?(_ text: String, _ libcurl: Libcurl) {
    // A zero byte would end it early.
    guard !text.utf8.contains(0), let handle = unsafe libcurl.makeURL() else { return nil }
    unsafe self.handle = unsafe handle
    self.libcurl = libcurl
    let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER)
    guard unsafe libcurl.setURLPart(handle, CURLUPART_URL, text, flags) == CURLUE_OK else {
      return nil
    }
  }

  /// A part of it; the scheme's port where it names none.
  func part(_ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard unsafe libcurl.urlPart(handle, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK,
      let text = unsafe text
    else { return nil }
    defer { unsafe libcurl.free(text) }
    return unsafe String(cString: text)
  }

  deinit { unsafe libcurl.freeURL(handle) }
}
