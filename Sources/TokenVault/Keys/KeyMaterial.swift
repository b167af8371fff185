internal import VaultCrypto

/// Bytes that someone says are a key.
enum KeyMaterial {
  /// The most that is read: 64 digits and the end of a line.
  static let sizeLimit = 66

  /// The key in 32 bytes, or in 64 hexadecimal digits with or without the end of a line; cleanses the
  /// bytes.
  static func decode(_ bytes: consuming [UInt8]) throws(KeyError) -> SlotKey {
    var bytes = bytes
    defer { bytes.cleanse() }
    do {
      if bytes.count == SymmetricKey.size {
        return try SlotKey(.key, SymmetricKey(copying: bytes.span))
      }
      if var key = digits(bytes) {
        defer { key.cleanse() }
        return try SlotKey(.key, SymmetricKey(copying: key.span))
      }
    } catch {
      throw .crypto(error)
    }
    let count = bytes.count > sizeLimit ? "more than \(sizeLimit)" : "\(bytes.count)"
    throw .notAKey(
      problem: "it has \(count) bytes, and a key is \(SymmetricKey.size) bytes or 64 digits")
  }

  /// The bytes of 64 digits in either case; nil for anything else. The caller cleanses them.
  private static func digits(_ text: [UInt8]) -> [UInt8]? {
    var text = text[...]
    if text.last == UInt8(ascii: "\n") { text.removeLast() }
    if text.last == UInt8(ascii: "\r") { text.removeLast() }
    var values = text.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    defer { for index in values.indices { values[index] = 0 } }
    guard values.count == text.count, values.count == 2 * SymmetricKey.size else { return nil }
    return stride(from: 0, to: values.count, by: 2).map {
      UInt8(truncatingIfNeeded: values[$0] << 4 | values[$0 + 1])
    }
  }
}
