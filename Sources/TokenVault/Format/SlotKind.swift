/// What a key slot is opened with.
public enum SlotKind: String, Sendable, CaseIterable {
  /// 32 random bytes in a file, a credential, or whatever a command prints.
  case key
  /// What a person types, made expensive to guess by scrypt (RFC 7914).
  case passphrase
  /// A random code that was printed once.
  case recovery
}
