internal import Glibc

extension Span<UInt8> {
  /// A copy of the bytes.
  package var array: [UInt8] {
    unsafe withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// Whether all bytes are zeros, as in most of what the file system has allocated and no process has written: a
  /// hundred times quicker than a loop. False if there are none.
  package var isZero: Bool {
    unsafe withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, unsafe bytes.first == 0 else { return false }
      return unsafe memcmp(start, start + 1, bytes.count - 1) == 0
    }
  }
}

extension [UInt8] {
  /// Appends a copy of the bytes.
  package mutating func append(contentsOf bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// `withUnsafeMutableBytes`, with the error's type kept.
  mutating func withMutableMemory(
    _ body: (UnsafeMutableRawBufferPointer) throws(CryptoError) -> Void
  ) throws(CryptoError) {
    unsafe try withUnsafeMutableBufferPointer { (bytes) throws(CryptoError) in
      unsafe try body(UnsafeMutableRawBufferPointer(bytes))
    }
  }
}
