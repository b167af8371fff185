/// Where a key that opens a vault comes from.
public enum KeySource: Sendable, Equatable {
  /// What is there, in this order: the credential `tokenvault.key` of a systemd unit; the default key file,
  /// `$XDG_STATE_HOME/tokenvault/keys/<store id>.key` (`~/.local/state` where the variable is not set);
  /// what `Vault.unlock` left in the kernel's user keyring; a person, if the configuration has a prompt.
  case standard
  /// A file for its owner alone.
  case file(String)
  /// A file with this name in `$CREDENTIALS_DIRECTORY`, where systemd puts a unit's credentials.
  case credential(String)
  /// An open file descriptor, read to its end.
  case descriptor(Int32)
  /// What `/bin/sh -c` prints for this command, within 3 seconds.
  case command(String)
  /// The key itself, in 64 hexadecimal digits.
  case key(Secret)
  /// A passphrase, taken as the UTF-8 bytes it has.
  case passphrase(Secret)
  /// A passphrase in the first line of an open file descriptor.
  case passphraseDescriptor(Int32)
  /// A recovery code.
  case recoveryCode(Secret)
  /// A recovery code in the first line of an open file descriptor.
  case recoveryCodeDescriptor(Int32)
}

extension KeySource: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// What errors call it; never a secret, nor a command, which may have one in it.
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
