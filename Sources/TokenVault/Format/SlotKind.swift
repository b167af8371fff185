/// Where the key of a slot (its key-encryption key, KEK) comes from.
public enum SlotKind: String, Sendable, CaseIterable {
  /// 32 random bytes in a file, a credential, or the output of a command.
  case key
  /// A passphrase that a person types, made expensive to guess by scrypt (RFC 7914).
  case passphrase
  /// A random code that was printed once.
  case recovery
}
