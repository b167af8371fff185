extension OutputSpan<UInt8> {
  /// Appends the UTF-8 bytes of a text at once; there must be room for them.
  mutating func append(_ text: borrowing String) { append(text.utf8.span) }

  /// Appends bytes at once; there must be room for them.
  mutating func append(_ bytes: Span<UInt8>) {
    precondition(bytes.count <= freeCapacity)
    unsafe withUnsafeMutableBufferPointer { memory, count in
      unsafe bytes.withUnsafeBufferPointer { source in
        guard let to = memory.baseAddress, let from = source.baseAddress else { return }
        unsafe (to + count).initialize(from: from, count: source.count)
      }
      count += bytes.count
    }
  }

  /// Appends words as they are in memory; there must be room for them.
  mutating func append(words: Span<UInt32>) {
    unsafe words.withUnsafeBytes { unsafe append(Span(_unsafeBytes: $0)) }
  }

  /// Appends one character of ASCII.
  mutating func append(ascii scalar: Unicode.Scalar) { append(UInt8(ascii: scalar)) }
}
