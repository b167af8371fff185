/// Base64 with the usual alphabet or that for URLs (RFC 4648, sections 4 and 5), with or without padding.
enum Base64 {
  /// The bytes; nil if the text is no base64.
  static func decoded(_ text: some StringProtocol) -> [UInt8]? {
    var (bytes, buffer, bits): ([UInt8], UInt32, Int) = ([], 0, 0)
    let digits = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }.reversed()
    for digit in digits {
      guard let value = value(of: digit) else { return nil }
      (buffer, bits) = (buffer << 6 | value, bits + 6)
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
      }
    }
    // A single digit makes no byte.
    return bits == 6 ? nil : bytes
  }

  private static func value(of digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit) + 4
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
