/// A key, and the context that a message under it is bound to.
package struct MessageKey: Sendable {
  let key: SymmetricKey
  let context: [UInt8]

  /// The key, bound to `context`, which may have any length.
  package init(_ key: SymmetricKey, context: [UInt8]) { (self.key, self.context) = (key, context) }

  /// Whether a holder of the key sealed a message with this prefix (salt and commitment) in this context: the key
  /// commitment tells, before any chunk is read.
  ///
  /// - Parameter salt: The salt, if it is not that of the prefix.
  package func matchesCommitment(
    _ prefix: Span<UInt8>, salt: [UInt8]? = nil
  ) throws(CryptoError) -> Bool {
    let salt = salt ?? prefix.extracting(..<MessageLayout.saltSize).array
    return try DerivedKeys(self, salt: salt).matchesCommitment(prefix)
  }

  /// Finds the salt of a message from its prefix (salt and commitment), in which one byte of the salt may be damaged.
  ///
  /// - Returns: The true salt; nil if more is damaged.
  package func salt(committedIn prefix: Span<UInt8>) throws(CryptoError) -> [UInt8]? {
    var salt = prefix.extracting(..<MessageLayout.saltSize).array
    if try matchesCommitment(prefix, salt: salt) { return salt }
    for place in salt.indices {
      let byte = salt[place]
      for other in UInt8.min...UInt8.max where other != byte {
        salt[place] = other
        if try matchesCommitment(prefix, salt: salt) { return salt }
      }
      salt[place] = byte
    }
    return nil
  }
}
