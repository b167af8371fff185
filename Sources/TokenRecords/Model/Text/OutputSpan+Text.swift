extension OutputSpan<UInt8> {
  /// Appends the UTF-8 bytes of a text, which must fit.
  mutating func append(_ text: borrowing String) { append(text.utf8.span) }

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

  /// Appends words as they are in memory, which must fit.
  mutating func append(words: Span<UInt32>) {
    unsafe words.withUnsafeBytes { unsafe append(Span(_unsafeBytes: $0)) }
  }

  /// Appends one ASCII character, which must fit.
  mutating func append(ascii scalar: Unicode.Scalar) { append(UInt8(ascii: scalar)) }
}
