/// Finds the special bytes of a codec, eight at a time ("SIMD within a register").
package enum ByteScan {
  /// The bytes before a special one.
  struct Run {
    /// The offset of the special byte; the end of the text if there is none.
    let end: Int
    /// Whether all bytes before it are ASCII, and so need no check for UTF-8.
    let isASCII: Bool
  }

  /// The run up to the first quote, backslash or control character from `start` on.
  static func jsonRun(_ text: Span<UInt8>, from start: Int) -> Run {
    run(
      text, from: start,
      marks: { $0.equal(to: "\"") | $0.equal(to: "\\") | $0.belowBlank }, isJSONSpecial)
  }

  static func isJSONSpecial(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// The run up to the first comma, quote, CR or LF from `start` on.
  static func csvRun(_ text: Span<UInt8>, from start: Int) -> Run {
    run(
      text, from: start,
      marks: {
        $0.equal(to: ",") | $0.equal(to: "\"") | $0.equal(to: "\n") | $0.equal(to: "\r")
      }, isCSVSpecial)
  }

  /// The same for another character than the comma.
  static func csvRun(
    _ text: Span<UInt8>, from start: Int, separator: Unicode.Scalar
  ) -> Run {
    run(
      text, from: start,
      marks: {
        $0.equal(to: separator) | $0.equal(to: "\"") | $0.equal(to: "\n") | $0.equal(to: "\r")
      }, { $0 == UInt8(ascii: separator) || isCSVSpecial($0) && $0 != UInt8(ascii: ",") })
  }

  static func isCSVSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
  }

  /// The run up to the first quote from `start` on.
  static func quoteRun(_ text: Span<UInt8>, from start: Int) -> Run {
    run(text, from: start, marks: { $0.equal(to: "\"") }, { $0 == UInt8(ascii: "\"") })
  }

  /// Counts an ASCII character in a text.
  package static func count(_ scalar: Unicode.Scalar, _ text: Span<UInt8>) -> Int {
    var (index, total) = (0, 0)
    while index + 8 <= text.count {
      // A byte of the sum holds at most 255.
      let end = min(text.count - 7, index + 255 * 8)
      var counts: UInt64 = 0
      while index < end {
        counts &+= Word(text, at: index).ones(equalTo: scalar)
        index += 8
      }
      total += Word.sum(counts)
    }
    while index < text.count {
      if text[index] == UInt8(ascii: scalar) { total += 1 }
      index += 1
    }
    return total
  }

  @inline(__always) private static func run(
    _ text: Span<UInt8>, from start: Int, marks: (Word) -> UInt64, _ isSpecial: (UInt8) -> Bool
  ) -> Run {
    var index = start
    var seen: UInt64 = 0
    while index + 8 <= text.count {
      let word = Word(text, at: index)
      let found = marks(word)
      if found != 0 {
        // The bytes below the lowest mark.
        seen |= word.bits & (found & (0 &- found) &- 1)
        return Run(
          end: index + found.trailingZeroBitCount / 8, isASCII: seen & Word.tops == 0)
      }
      seen |= word.bits
      index += 8
    }
    while index < text.count, !isSpecial(text[index]) {
      seen |= UInt64(text[index])
      index += 1
    }
    return Run(end: index, isASCII: seen & Word.tops == 0)
  }

  /// Eight bytes, the first in the lowest place. A mark is the top bit of a matching byte; only the lowest mark is
  /// exact, because a borrow may set others above it.
  private struct Word {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    static let tops: UInt64 = 0x8080_8080_8080_8080
    let bits: UInt64

    /// The caller has checked that all eight bytes are in the text.
    @inline(__always) init(_ text: Span<UInt8>, at index: Int) {
      bits = UInt64(
        littleEndian: unsafe text.bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: index, as: UInt64.self))
    }

    @inline(__always) func equal(to scalar: Unicode.Scalar) -> UInt64 {
      let difference = bits ^ (Self.ones &* UInt64(UInt8(ascii: scalar)))
      return (difference &- Self.ones) & ~difference & Self.tops
    }

    /// A one in each byte that equals the character, exact in all bytes.
    @inline(__always) func ones(equalTo scalar: Unicode.Scalar) -> UInt64 {
      let difference = bits ^ (Self.ones &* UInt64(UInt8(ascii: scalar)))
      return (~(((difference & ~Self.tops) &+ ~Self.tops) | difference) & Self.tops) >> 7
    }

    /// The sum of a word's bytes.
    @inline(__always) static func sum(_ bytes: UInt64) -> Int {
      let pairs = (bytes & 0x00FF_00FF_00FF_00FF) &+ (bytes >> 8 & 0x00FF_00FF_00FF_00FF)
      return Int((pairs &* 0x0001_0001_0001_0001) >> 48)
    }

    @inline(__always) var belowBlank: UInt64 { (bits &- Self.ones &* 0x20) & ~bits & Self.tops }
  }
}
