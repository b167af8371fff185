import ArgumentParser
import TokenVault

struct TokenVaultCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "tokenvault",
    abstract: "Keeps OAuth tokens in one encrypted file.",
    discussion: """
      EXAMPLES:
        tokenvault save --user ann < answer.json
        tokenvault token --user ann --min-ttl 5m
        tokenvault list

      The vault is --vault, else $TOKENVAULT_FILE, else $XDG_DATA_HOME/tokenvault/tokens.vault. Its key comes from \
      --key-file, --key-fd, --key-command, --credential, --passphrase-fd or --recovery-fd, else from \
      $TOKENVAULT_KEY_FILE or $TOKENVAULT_KEY_COMMAND, else from the first of these that opens the vault: the credential \
      tokenvault.key in $CREDENTIALS_DIRECTORY, a file below $XDG_STATE_HOME/tokenvault/keys, the kernel's keyring \
      after `unlock`, and the terminal.

      Results go to standard output, messages to standard error. Secrets are masked unless --reveal. Times are \
      written like 90s, 5m, 1h30m, 7d.

      Exit codes: 0 done, 1 other, 3 not found or ended, 4 key unavailable or wrong, 5 damaged or tampered, \
      6 lock timeout, 7 conflict, 8 unsafe permissions, 9 no vault there, 10 rolled back or not what this host has seen, \
      11 refresh refused, 64 usage.
      """,
    version: version,
    subcommands: [
      InitCommand.self, SaveCommand.self, FindCommand.self, TokenCommand.self, RefreshCommand.self,
      ListCommand.self, DeleteCommand.self, PurgeCommand.self, PolicyCommand.self,
      ImportCommand.self, ExportCommand.self, ConvertCommand.self,
      StatusCommand.self, CheckCommand.self, BackupCommand.self, CompactCommand.self,
      RepairCommand.self, RotateCommand.self, KeySlotsCommand.self,
      RestoreCommand.self, UnlockCommand.self, LockCommand.self, WatchCommand.self,
      CompletionCommand.self,
    ])

  /// The name, the version, and what it works with: a report of an error needs them.
  private static var version: String {
    "tokenvault 0.2.0 (file format \(VaultConfiguration.formatVersion), "
      + "OpenSSL \(VaultConfiguration.versionOfOpenSSL))"
  }
}
