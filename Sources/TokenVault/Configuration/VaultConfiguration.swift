internal import VaultCrypto

/// Which vault to open, and how.
public struct VaultConfiguration: Sendable {
  /// The vault's file. Symbolic links are followed once, when the vault is opened.
  public var path: String
  /// The source of its key.
  public var key: KeySource
  /// How long a write waits for other writers.
  public var lockTimeout: Duration
  /// How long a call that refreshes a token may take; other callers that wait for it wait longer.
  public var refreshTimeout: Duration = .seconds(30)
  /// Asks a person for the passphrase or recovery code, as the last of the standard sources. Called at most once for an
  /// open vault, on the thread that opens it.
  public var prompt: (@Sendable (_ kinds: [SlotKind]) -> PassphraseAnswer)?
  /// Says that the answer opens no key slot, and asks again; called at most twice. Nil makes a wrong answer an error.
  public var promptAgain: (@Sendable (_ kinds: [SlotKind]) -> PassphraseAnswer)?
  /// Accepts a rollback, after a backup was put back on purpose: opens a vault that is older than this host has seen,
  /// and remembers it as the newest.
  public var acceptsRollback = false
  /// Opens or makes another vault than this host has seen at this path, and remembers it.
  public var acceptsOtherVault = false
  /// Accepts the slots and the data key of the vault, whatever this host has seen, and remembers them.
  public var acceptsSlots = false
  /// Gets warnings, on the thread that opens the vault.
  public var onWarning: (@Sendable (VaultWarning) -> Void)?
  /// Gets the progress of reading and writing a large vault, every megabyte or so, on the thread that does it.
  ///
  /// It must return soon and must not call the vault: locks are held, for which other threads and processes wait.
  /// Threads that use the vault at the same time call it at the same time.
  public var onProgress: (@Sendable (VaultProgress) -> Void)?
  /// Opens a vault although another user could replace it, because a directory on the way to it belongs to that user,
  /// or lets others write. It does not apply to the directories of the key and of this host's state, nor to another
  /// user's directory in which root would make a vault.
  public var allowsSharedDirectory = false

  /// Gets what the vault does beside the calls of its program, on the thread that does it. As ``onProgress``, it must return
  /// soon and must not call the vault. `TokenVaultLogging` sets it.
  package var onEvent: (@Sendable (VaultEvent) -> Void)?

  /// Decodes all records while they are read, even those of a large vault, for callers that use most of them.
  package var decodesAtOnce = false

  var disk: any Disk = LinuxDisk()
  var locations = StandardLocations.process
  var now: @Sendable () -> Timestamp = { .now }
  var passphraseCost = Scrypt.Cost.standard
  var usesKeyring = true
  /// How long to retry the save of a server's answer.
  var savePatience: Duration = .seconds(30)

  /// A vault at `path`.
  public init(path: String, key: KeySource = .standard, lockTimeout: Duration = .seconds(10)) {
    (self.path, self.key, self.lockTimeout) = (path, key, lockTimeout)
  }

  /// `$XDG_DATA_HOME/tokenvault/tokens.vault`, with `~/.local/share` if the variable is not set; nil if `HOME` is not
  /// set either.
  public static var standardPath: String? { StandardLocations.process.vault }
}
