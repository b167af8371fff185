/// How to rotate the keys of a vault.
public struct RotationOptions: Sendable {
  /// Renews only the data-encryption key: every slot keeps its key, passphrase or code.
  public var keepsKey = false
  /// The file for the new key, if not the old key's. Needed if that came from a command, a descriptor or a credential.
  public var newKeyFile: String?
  /// Accepts a clock before the data-encryption key's time, made while it was ahead; the new key gets the clock's time.
  public var acceptsClock = false
  /// What a rotation does with slots that this host has not accepted.
  public enum OtherSlots: Sendable {
    /// It throws ``TokenVaultError/otherSlots(path:slots:missing:)``, and changes nothing.
    case refuse
    /// It accepts them.
    case accept
    /// It removes them from the vault.
    case drop
  }

  /// What to do with slots that this host has not accepted: the new data-encryption key is wrapped for every slot.
  public var otherSlots = OtherSlots.refuse
  /// Dry run: verifies all that a rotation needs, and changes nothing.
  public var isDryRun = false
  /// Asks for the new passphrase, if a passphrase has opened the vault.
  public var newPassphrase: (@Sendable () -> PassphraseAnswer)?
  /// Shows the new recovery code before the vault depends on it, if one has opened the vault; returns why that failed.
  public var showRecoveryCode: (@Sendable (RecoveryCode) -> String?)?
  /// Refuses if the slot that has opened the vault is of another kind.
  public var demandedKind: SlotKind?
  /// Called before each step that takes time with many records.
  public var onStep: (@Sendable (RotationStep) -> Void)?

  /// A rotation of the data-encryption key, and of the key that opens the vault.
  public init() {}
}
