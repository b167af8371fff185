internal import VaultCrypto

extension Span<UInt8> {
  /// The 64-bit number, big-endian, at an offset that is at least 8 bytes before the end.
  func word(at offset: Int) -> UInt64 {
    var word: UInt64 = 0
    for place in offset..<offset + 8 { word = word << 8 | UInt64(self[place]) }
    return word
  }

  /// The size of a sealed message at an offset; nil if no message has so many bytes.
  func messageSize(at offset: Int) -> Int? {
    Int(exactly: word(at: offset)).flatMap { size in
      (MessageLayout.size(sealing: 0)...(1 << 30)).contains(size) ? size : nil
    }
  }
}

extension [UInt8] {
  /// Appends a 32-bit number, big-endian.
  mutating func append(half: UInt32) {
    for shift in stride(from: 24, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: half >> UInt32(shift)))
    }
  }

  /// Appends a 64-bit number, big-endian.
  mutating func append(word: UInt64) {
    for shift in stride(from: 56, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
    }
  }
}
