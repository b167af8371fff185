internal import VaultCrypto

/// Text in `application/x-www-form-urlencoded`, as the URL Standard serializes it (section 5.2).
package enum FormText {
  /// One name or value, with capacity for a terminating zero, so that appending one copies nothing.
  package static func encoded(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * text.utf8.count + 1)
    encode(text, onto: &bytes)
    return bytes
  }

  /// Appends one name or value: at most three bytes for each of its UTF-8 bytes.
  package static func encode(_ text: String, onto bytes: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: " "): bytes.append(UInt8(ascii: "+"))
      case _ where isPlain(byte): bytes.append(byte)
      default:
        bytes.append(UInt8(ascii: "%"))
        bytes.append(digit(byte >> 4))
        bytes.append(digit(byte & 0xF))
      }
    }
  }

  /// Decodes one name or value; nil for an escape without two digits, and for bytes that are not UTF-8.
  static func decoded(_ text: Span<UInt8>) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    defer { bytes.cleanse() }
    var place = 0
    while place < text.count {
      switch text[place] {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard place + 2 < text.count, let high = value(text[place + 1]),
          let low = value(text[place + 2])
        else { return nil }
        bytes.append(high << 4 | low)
        place += 2
      case let byte: bytes.append(byte)
      }
      place += 1
    }
    return try? String(utf8: bytes.span, 0..<bytes.count)
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 65...70: digit - 55
    case 97...102: digit - 87
    default: nil
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
    default: false
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }
}
