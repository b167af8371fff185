import Glibc

/// Where results go.
enum StandardOutput {
  static var isTerminal: Bool { isatty(1) == 1 }

  /// Writes all of it, or throws.
  static func write(_ text: String) throws(Failure) { try write(Array(text.utf8)) }

  static func write(_ bytes: [UInt8]) throws(Failure) { try write(bytes.span) }

  static func write(_ bytes: Span<UInt8>) throws(Failure) {
    guard Descriptor.write(1, bytes) else {
      let error = errno
      let reason = unsafe String(cString: strerror(error)).lowercased()
      var failure = Failure(.other, "standard output cannot be written: \(reason)")
      failure.isOutputClosed = error == EPIPE
      throw failure
    }
  }
}

/// Where messages go. What cannot be written there is lost.
enum StandardError {
  static var isTerminal: Bool { isatty(2) == 1 }

  static func write(_ line: String, end: String = "\n") {
    let bytes = Array((line + end).utf8)
    _ = Descriptor.write(2, bytes.span)
  }
}

/// Where records and answers come from.
enum StandardInput {
  static var isTerminal: Bool { isatty(0) == 1 }
}

private enum Descriptor {
  static func write(_ descriptor: Int32, _ bytes: Span<UInt8>) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.extracting(done..<bytes.count).withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count >= 0 { done += count } else if errno != EINTR { return false }
    }
    return true
  }
}
