/// Where a key that opens a vault comes from.
public enum KeySource: Sendable, Equatable {
  /// These places, in this order: the credential `tokenvault.key` of a systemd unit; the default key file,
  /// `$XDG_STATE_HOME/tokenvault/keys/<store id>.key` (`~/.local/state` if the variable is not set); the kernel's user
  /// keyring, where `Vault.unlock` puts the key; a person, if the configuration has a prompt.
  case standard
  /// A file that only its owner can reach.
  case file(String)
  /// A file with this name in `$CREDENTIALS_DIRECTORY`, where systemd puts a unit's credentials.
  case credential(String)
  /// An open file descriptor, read to its end.
  case descriptor(Int32)
  /// The output of `/bin/sh -c` for this command, within 3 seconds.
  case command(String)
  /// The key itself, in 64 hexadecimal digits.
  case key(Secret)
  /// A passphrase, in UTF-8.
  case passphrase(Secret)
  /// A passphrase in the first line of an open file descriptor.
  case passphraseDescriptor(Int32)
  /// A recovery code.
  case recoveryCode(Secret)
  /// A recovery code in the first line of an open file descriptor.
  case recoveryCodeDescriptor(Int32)
}

extension KeySource: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Its name in errors; never a secret, nor a command, which may contain one.
  public var description: String {
    switch self {
    case .standard: "the standard places"
    case .file(let path): "key file '\(path)'"
    case .credential(let name): "credential '\(name)'"
    case .descriptor(let number): "key on descriptor \(number)"
    case .command: "key command"
    case .key: "key"
    case .passphrase: "passphrase"
    case .passphraseDescriptor(let number): "passphrase on descriptor \(number)"
    case .recoveryCode: "recovery code"
    case .recoveryCodeDescriptor(let number): "recovery code on descriptor \(number)"
    }
  }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
