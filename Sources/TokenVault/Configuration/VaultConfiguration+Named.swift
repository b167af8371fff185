extension VaultConfiguration {
  /// The vault of an application, by name: `$XDG_DATA_HOME/tokenvault/NAME.vault`, with `~/.local/share` if the variable is
  /// not set.
  ///
  /// Its key is found in the standard sources; a new vault gets its key file in the standard place, below
  /// `$XDG_STATE_HOME/tokenvault/keys`. `tokens` names the vault of the command.
  ///
  ///     let vault = try await Vault.openOrCreate(.named("mailer"))
  ///
  /// - Throws: ``TokenVaultError/invalidVaultName(_:)`` for anything but 1 to 64 letters, digits, `.`, `_` and `-`;
  ///   ``TokenVaultError/noHome`` if `HOME` is not set either.
  public static func named(_ name: String) throws(TokenVaultError) -> VaultConfiguration {
    try named(name, in: .process)
  }

  /// The same in the locations of an environment.
  static func named(
    _ name: String, in locations: StandardLocations
  ) throws(TokenVaultError) -> VaultConfiguration {
    guard KeySlot.isValidName(name) else { throw .invalidVaultName(name) }
    guard let path = locations.vault(named: name) else { throw .noHome }
    var configuration = VaultConfiguration(path: path)
    configuration.locations = locations
    return configuration
  }
}
