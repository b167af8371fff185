import Glibc
import TokenVault

/// Standard output, for results.
enum StandardOutput {
  static var isTerminal: Bool { isatty(1) == 1 }

  /// Bytes that one call of `write` gets, if there are many pieces.
  private static let blockSize = 65_536

  /// Writes the pieces, each through `transform`, in large blocks.
  static func write(
    _ pieces: some Sequence<String>, end: String = "", _ transform: (String) -> String
  ) throws(Failure) {
    var block = ""
    for piece in pieces {
      block += transform(piece)
      guard block.utf8.count >= blockSize else { continue }
      try write(block)
      block.removeAll(keepingCapacity: true)
    }
    try write(block + end)
  }

  static func write(_ text: String) throws(Failure) { try write(Array(text.utf8).span) }

  static func write(_ bytes: Span<UInt8>) throws(Failure) {
    ProgressBar.erase()
    guard Descriptor.write(1, bytes) else {
      let error = errno
      let reason = unsafe String(cString: strerror(error)).lowercased()
      var failure = Failure(.other, "standard output cannot be written: \(reason)")
      failure.isOutputClosed = error == EPIPE
      throw failure
    }
  }
}

/// Standard error, for messages. A message that cannot be written is lost.
enum StandardError {
  static var isTerminal: Bool { isatty(2) == 1 }

  static func write(_ line: String, end: String = "\n") {
    ProgressBar.erase()
    writeRaw(line + end)
  }

  /// Writes over what may be on the line.
  static func writeRaw(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Descriptor.write(2, bytes.span)
  }
}

/// Standard input, for records and answers.
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
