internal import VaultCrypto

/// The body of a form in `application/x-www-form-urlencoded`, as the URL Standard serializes it (section 5.2).
///
/// Holds secrets: whoever made it cleanses it.
struct FormBody {
  private(set) var bytes: [UInt8] = []

  /// The fields in their order.
  init(_ fields: [(name: String, value: String)]) {
    // Room for all, so that no copy is left behind by growing.
    bytes.reserveCapacity(
      fields.reduce(0) { $0 + 3 * ($1.name.utf8.count + $1.value.utf8.count) + 2 })
    for (name, value) in fields {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
      Self.encode(name, onto: &bytes)
      bytes.append(UInt8(ascii: "="))
      Self.encode(value, onto: &bytes)
    }
  }

  mutating func cleanse() { bytes.cleanse() }

  /// Lends the bytes where they lie; they are not to be copied.
  func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe try bytes.span.withUnsafeBytes(body)
  }

  /// One name or value, which RFC 6749 wants of a client's id and secret too (section 2.3.1).
  static func encoded(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    // Room for a zero byte too.
    bytes.reserveCapacity(3 * text.utf8.count + 1)
    encode(text, onto: &bytes)
    return bytes
  }

  private static func encode(_ text: String, onto bytes: inout [UInt8]) {
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
