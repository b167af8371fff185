/// Finds the bytes that matter to a codec, eight at a time ("SIMD within a register").
enum ByteScan {
  /// The first quote, backslash or control character from `start` on; the text's end where there is none.
  static func jsonSpecial(_ text: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index + 8 <= text.count {
      let word = Word(text, at: index)
      let found = word.equal(to: "\"") | word.equal(to: "\\") | word.belowBlank
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < text.count, !isJSONSpecial(text[index]) { index += 1 }
    return index
  }

  static func isJSONSpecial(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// The first comma, quote, CR or LF from `start` on; the text's end where there is none.
  static func csvSpecial(_ text: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index + 8 <= text.count {
      let word = Word(text, at: index)
      let found =
        word.equal(to: ",") | word.equal(to: "\"") | word.equal(to: "\n") | word.equal(to: "\r")
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < text.count, !isCSVSpecial(text[index]) { index += 1 }
    return index
  }

  static func isCSVSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
  }

  /// Eight bytes, the first in the lowest place. The marks are the top bits of the bytes that match; of
  /// several only the lowest is sure, which is the one that is asked for.
  private struct Word {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080
    private let bits: UInt64

    /// The caller has seen that all eight bytes are there.
    @inline(__always) init(_ text: Span<UInt8>, at index: Int) {
      bits = UInt64(
        littleEndian: unsafe text.bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: index, as: UInt64.self))
    }

    @inline(__always) func equal(to scalar: Unicode.Scalar) -> UInt64 {
      let difference = bits ^ (Self.ones &* UInt64(UInt8(ascii: scalar)))
      return (difference &- Self.ones) & ~difference & Self.tops
    }

    @inline(__always) var belowBlank: UInt64 { (bits &- Self.ones &* 0x20) & ~bits & Self.tops }
  }
}
