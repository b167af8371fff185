/// Where the key of a slot (its key-encryption key, KEK) comes from.
public enum SlotKind: String, Sendable, CaseIterable {
  /// 32 random bytes in a file, a credential, or the output of a command.
  case key
  /// A passphrase that a person types, made expensive to guess by scrypt (RFC 7914).
  case passphrase
  /// A random code that was printed once.
  case recovery
  /// 32 random bytes that a Secret Service keeps. Reserved: this version keeps and re-wraps such a slot, and cannot open
  /// a vault by it.
  case secretService = "secret-service"
}

extension SlotKind {
  /// Whether the key is random, and a program keeps it.
  var isRandomKey: Bool { self == .key || self == .secretService }
}
