package import VaultCrypto

/// Names a store for its whole life: 16 random bytes, in hexadecimal digits.
package struct StoreID: Sendable, Hashable {
  /// The digits.
  package let text: String

  /// A new random id.
  package static func random() throws(CryptoError) -> StoreID {
    StoreID(text: Hexadecimal.encode(try RandomBytes.make(count: 16)))
  }
}

/// Names a DEK: 8 random bytes, in hexadecimal digits.
package struct DataKeyID: Sendable, Hashable {
  /// The digits.
  package let text: String

  /// The id with these digits, which were kept elsewhere.
  package init(text: String) { self.text = text }

  /// A new random id.
  package static func random() throws(CryptoError) -> DataKeyID {
    DataKeyID(text: Hexadecimal.encode(try RandomBytes.make(count: 8)))
  }
}

/// Names a KEK without disclosing it: 8 bytes of HKDF-Expand-SHA-512 (RFC 5869) under that key, in
/// hexadecimal digits.
package struct KeyID: Sendable, Hashable {
  /// The digits.
  package let text: String

  init(text: String) { self.text = text }

  /// The id of a key.
  package init(of key: SymmetricKey) throws(CryptoError) {
    let bytes = try HKDF.expand(key, info: Array("tokenvault/1 key id".utf8), count: 8)
    text = Hexadecimal.encode(bytes.withSpan { $0.array })
  }
}

/// Lower-case hexadecimal digits.
enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    append(bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }

  /// The `count` bytes that the digits spell; nil if there are more or fewer, or other characters.
  static func decode(_ text: Substring, count: Int) -> [UInt8]? {
    guard text.utf8.count == 2 * count else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    var high: UInt8?
    for character in text.utf8 {
      guard let value = value(character) else { return nil }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

extension StoreID {
  /// The byte of the lock file that stands for a record: 1 plus the first 61 bits of SHA-256 over the store's digits, a
  /// line feed and the record's id.
  ///
  /// Every user of the host can see which bytes are locked. The store's random id keeps the record's id from being guessed
  /// from that.
  package func lockByte(ofRecord id: String) throws(CryptoError) -> Int64 {
    let digest = try Digest.sha256(Array("\(text)\n\(id)".utf8).span)
    return 1 + Int64(digest.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) } >> 3)
  }
}
