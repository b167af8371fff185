/// How the keys of a vault are to be rotated.
public struct KeyRotation: Sendable {
  /// Renews the data key alone: every slot keeps its key, passphrase or code.
  public var keepsKey = false
  /// The file that the new key goes to, in place of the one that the old key is in. Needed where the old key
  /// came from a command, a descriptor or a credential.
  public var newKeyFile: String?
  /// Checks that everything is there that a rotation needs, and changes nothing.
  public var isDryRun = false
  /// Asks for the new passphrase, where a passphrase opened the vault.
  public var newPassphrase: (@Sendable () -> PassphraseAnswer)?
  /// Shows the new recovery code, where a recovery code opened the vault; false where that failed. The vault
  /// depends on it afterwards, so this comes before.
  public var showRecoveryCode: (@Sendable (RecoveryCode) -> Bool)?
  /// Told of each step that takes time with many records.
  public var onStep: (@Sendable (KeyRotationStep) -> Void)?

  /// A rotation of the data key, and of the key that the vault is opened with.
  public init() {}
}

/// A step of a rotation.
public enum KeyRotationStep: Sendable, Equatable {
  /// The records are sealed again, and written: a file of this many bytes.
  case sealing(bytes: Int)
  /// The new vault is opened with the new key, before anything depends on it.
  case verifying
  /// It is put in the old one's place.
  case replacing
}

/// What a rotation has changed, or would change.
public struct KeyRotationReport: Sendable, Equatable {
  /// The vault.
  public let path: String
  /// How often it has been written now.
  public let generation: UInt64
  /// The key that sealed the records, and the one that seals them now; nil for what a dry run does not make.
  public let oldDataKeyID: String
  public let newDataKeyID: String?
  /// The slot whose key was renewed; nil where it was to be kept.
  public let slot: String?
  /// What it was opened with.
  public let source: String
  /// The slot's key before and now; nil where it was to be kept, or for what a dry run does not make.
  public let oldKeyID: String?
  public let newKeyID: String?
  /// The file that the new key is in.
  public let keyPath: String?
  /// The slots that kept their keys.
  public let rewrapped: [String]
  /// How many records were sealed again.
  public let tokens: Int
}
