/// Which vault to open, and how.
public struct VaultConfiguration: Sendable {
  /// The vault's file. A symbolic link is followed once, when the vault is opened.
  public var path: String
  /// Where its key is.
  public var key: KeySource
  /// How long a save or delete waits for other writers.
  public var lockTimeout: Duration

  var disk: any Disk = LinuxDisk()
  var locations = StandardLocations.process

  /// A vault at `path`.
  public init(path: String, key: KeySource = .standard, lockTimeout: Duration = .seconds(10)) {
    (self.path, self.key, self.lockTimeout) = (path, key, lockTimeout)
  }

  /// `$XDG_DATA_HOME/tokenvault/tokens.vault`, with `~/.local/share` where the variable is not set; nil
  /// where `HOME` is not set either.
  public static var standardPath: String? { StandardLocations.process.vault }
}
