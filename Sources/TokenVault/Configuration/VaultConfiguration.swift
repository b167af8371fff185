internal import VaultCrypto

/// Which vault to open, and how.
public struct VaultConfiguration: Sendable {
  /// The vault's file. A symbolic link is followed once, when the vault is opened.
  public var path: String
  /// Where its key comes from.
  public var key: KeySource
  /// How long a save or delete waits for other writers.
  public var lockTimeout: Duration
  /// How long a call that refreshes a token may take; whoever waits for it waits longer.
  public var refreshTimeout: Duration = .seconds(30)
  /// Asks a person for the passphrase or recovery code, as the last of the standard places. Called at most
  /// once for an open store, on the thread that opens it.
  public var prompt: (@Sendable (_ kinds: [SlotKind]) -> PassphraseAnswer)?
  /// Asks once more after an answer that opens none of the key slots, and says so; called at most twice. Nil makes a wrong
  /// answer an error at once.
  public var promptAgain: (@Sendable (_ kinds: [SlotKind]) -> PassphraseAnswer)?
  /// Opens a vault that is older than one seen before on this host, and takes it for the newest from then
  /// on: after a backup was put back on purpose.
  public var acceptsRollback = false
  /// Opens another vault than the one that was at this path, or makes one where another was, and remembers it from then
  /// on.
  public var acceptsOtherVault = false
  /// Takes the slots and the data key of the vault for right, whatever this host has seen, and remembers them.
  public var acceptsSlots = false
  /// Is told what is no error, and yet not as it should be; on the thread that opens the vault.
  public var onWarning: (@Sendable (VaultWarning) -> Void)?
  /// Opens a vault although another user could move it away and put another one in its place, because a directory on
  /// the way to it belongs to him, or lets others write. The directories of the key and of what this host remembers
  /// are not excepted, and neither is a directory of another user's in which root would make a vault.
  public var allowsSharedDirectory = false

  /// Decodes all records while they are read, also those of a large vault: for whoever wants more than one of them.
  package var decodesAtOnce = false

  var disk: any Disk = LinuxDisk()
  var locations = StandardLocations.process
  var now: @Sendable () -> Timestamp = { .now }
  var passphraseCost = Scrypt.Cost.standard
  var usesKeyring = true
  /// How long it is tried to save the answer of a server.
  var savePatience: Duration = .seconds(30)

  /// A vault at `path`.
  public init(path: String, key: KeySource = .standard, lockTimeout: Duration = .seconds(10)) {
    (self.path, self.key, self.lockTimeout) = (path, key, lockTimeout)
  }

  /// `$XDG_DATA_HOME/tokenvault/tokens.vault`, with `~/.local/share` where the variable is not set; nil
  /// where `HOME` is not set either.
  public static var standardPath: String? { StandardLocations.process.vault }
}
