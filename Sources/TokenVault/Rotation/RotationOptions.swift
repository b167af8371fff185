/// How the keys of a vault are to be rotated.
public struct RotationOptions: Sendable {
  /// Renews the data key alone: every slot keeps its key, passphrase or code.
  public var keepsKey = false
  /// The file that the new key goes to, in place of the one that the old key is in. Needed where the old key
  /// came from a command, a descriptor or a credential.
  public var newKeyFile: String?
  /// Takes the clock for right although it lies before the time of the data key, which was made while the clock was
  /// ahead: the new data key gets the time that the clock says.
  public var acceptsClock = false
  /// What becomes of slots that this host has not accepted, and of the rotation.
  public enum OtherSlots: Sendable {
    /// The rotation throws `otherSlots`, and changes nothing.
    case refuse
    /// They are accepted.
    case accept
    /// They are taken out of the vault.
    case drop
  }

  /// What becomes of slots that are others than this host remembers: the new data key is wrapped for every slot.
  public var otherSlots = OtherSlots.refuse
  /// Checks that everything is there that a rotation needs, and changes nothing.
  public var isDryRun = false
  /// Asks for the new passphrase, where a passphrase opened the vault.
  public var newPassphrase: (@Sendable () -> PassphraseAnswer)?
  /// Shows the new recovery code, where a recovery code opened the vault; says why where that failed. The
  /// vault depends on it afterwards, so this comes before.
  public var showRecoveryCode: (@Sendable (RecoveryCode) -> String?)?
  /// Refuses where the slot that opened the vault is of another kind.
  public var demandedKind: SlotKind?
  /// Told of each step that takes time with many records.
  public var onStep: (@Sendable (RotationStep) -> Void)?

  /// A rotation of the data key, and of the key that the vault is opened with.
  public init() {}
}
