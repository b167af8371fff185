internal import VaultCrypto

/// Names a store for its whole life: 16 random bytes, in hexadecimal digits.
struct StoreID: Sendable, Hashable {
  let text: String

  static func random() throws(CryptoError) -> StoreID {
    StoreID(text: Hexadecimal.encode(try RandomBytes.make(count: 16)))
  }
}

/// Names a DEK: 8 random bytes, in hexadecimal digits.
struct DataKeyID: Sendable, Hashable {
  let text: String

  static func random() throws(CryptoError) -> DataKeyID {
    DataKeyID(text: Hexadecimal.encode(try RandomBytes.make(count: 8)))
  }
}

/// Names a KEK without disclosing it: 8 bytes of HKDF-Expand-SHA-512 (RFC 5869) under that key, in
/// hexadecimal digits.
struct KeyID: Sendable, Hashable {
  let text: String

  init(text: String) { self.text = text }

  init(of key: SymmetricKey) throws(CryptoError) {
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
    let digits = digits
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }

  /// The `count` bytes that the digits spell; nil if there are more or fewer, or other characters.
  static func decode(_ text: Substring, count: Int) -> [UInt8]? {
    decode(text.utf8.span, count: count)
  }

  static func decode(_ text: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
    decode(text.span, count: count)
  }

  static func decode(_ text: Span<UInt8>, count: Int) -> [UInt8]? {
    guard text.count == 2 * count else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for index in 0..<count {
      guard let high = value(text[2 * index]), let low = value(text[2 * index + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    let number = digit &- UInt8(ascii: "0")
    if number < 10 { return number }
    let letter = digit &- UInt8(ascii: "a")
    return letter < 6 ? letter + 10 : nil
  }
}

extension StoreID {
  /// The byte of the lock file that stands for a record: 1 plus the first 61 bits of SHA-256 over the store's digits, a
  /// line feed and the record's id.
  ///
  /// Every user of the host can see which bytes are locked. The store's random id keeps the record's id from being guessed
  /// from that.
  func lockByte(ofRecord id: String) throws(CryptoError) -> Int64 {
    let digest = try Digest.sha256(Array("\(text)\n\(id)".utf8).span)
    return 1 + Int64(digest.span.word(at: 0) >> 3)
  }
}
