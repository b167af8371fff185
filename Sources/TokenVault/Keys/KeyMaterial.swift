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
      if bytes.count == SealedMessage.keySize {
        return try SlotKey(.key, SecretBytes(copying: bytes.span))
      }
      var text = String(decoding: bytes, as: UTF8.self).lowercased()[...]
      if text.last?.isNewline == true { text = text.dropLast() }
      if var key = Hexadecimal.decode(text, count: SealedMessage.keySize) {
        defer { key.cleanse() }
        return try SlotKey(.key, SecretBytes(copying: key.span))
      }
    } catch {
      throw .crypto(error)
    }
    let count = bytes.count > sizeLimit ? "more than \(sizeLimit)" : "\(bytes.count)"
    throw .notAKey(
      problem: "it has \(count) bytes, and a key is \(SealedMessage.keySize) bytes or 64 digits")
  }
}
