/// What opens the chunks of one message, derived once; the message's commitment was checked.
package struct OpeningKey: Sendable {
  /// The salt of the message.
  package let salt: [UInt8]
  private let derived: DerivedKeys

  /// Derives the keys of the message with this prefix: its salt and commitment.
  ///
  /// - Throws: `CryptoError.notAuthentic(.commitment)` if the message was not sealed under this key in this context.
  package init(_ key: MessageKey, prefix: Span<UInt8>) throws(CryptoError) {
    salt = prefix.extracting(..<MessageLayout.saltSize).array
    derived = try DerivedKeys(key, salt: salt)
    guard derived.matchesCommitment(prefix) else { throw .notAuthentic(.commitment) }
  }

  func cipher() throws(CryptoError) -> AESGCM { try derived.cipher(.open) }
}
