internal import VaultCrypto

/// Bytes from outside that should be a key.
enum KeyMaterial {
  /// The most that is read: 64 digits and the end of a line.
  static let sizeLimit = 66

  /// The key in 32 bytes, or in 64 hexadecimal digits with or without a line end; cleanses the bytes.
  static func decode(_ bytes: consuming [UInt8]) throws(KeyError) -> SlotKey {
    var bytes = bytes
    defer { bytes.cleanse() }
    if bytes.count == SymmetricKey.size {
      return try KeyError.wrap(crypto: SlotKey(.key, SymmetricKey(copying: bytes.span)))
    }
    if var key = digits(bytes) {
      defer { key.cleanse() }
      return try KeyError.wrap(crypto: SlotKey(.key, SymmetricKey(copying: key.span)))
    }
    let count = bytes.count > sizeLimit ? "more than \(sizeLimit)" : "\(bytes.count)"
    throw .unavailable(
      problem: "it has \(count) bytes, and a key is \(SymmetricKey.size) bytes or 64 digits")
  }

  /// The bytes of 64 digits in either case, which the caller cleanses; nil for anything else.
  private static func digits(_ text: [UInt8]) -> [UInt8]? {
    var count = text.count
    if count > 0, text[count - 1] == UInt8(ascii: "\n") { count -= 1 }
    if count > 0, text[count - 1] == UInt8(ascii: "\r") { count -= 1 }
    guard count == 2 * SymmetricKey.size else { return nil }
    // In place: a growing array leaves parts of the key in freed memory.
    var key = [UInt8](repeating: 0, count: SymmetricKey.size)
    for index in 0..<count {
      guard let value = Character(Unicode.Scalar(text[index])).hexDigitValue else {
        key.cleanse()
        return nil
      }
      key[index / 2] = key[index / 2] << 4 | UInt8(truncatingIfNeeded: value)
    }
    return key
  }
}
