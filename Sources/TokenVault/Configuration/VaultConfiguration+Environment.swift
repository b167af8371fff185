extension VaultConfiguration {
  /// The configuration that a command line and its environment name; nil if nothing names a vault and there is no home
  /// directory.
  ///
  /// The arguments go before `TOKENVAULT_FILE`, `TOKENVAULT_KEY_FILE` and `TOKENVAULT_KEY_COMMAND`, and those before
  /// the standard locations. `isStandardPath` is true if nothing names the vault, so that the first use may make it.
  package static func named(
    path: String?, key: KeySource?, lockTimeout: Duration,
    locations: StandardLocations = .process
  ) -> (configuration: VaultConfiguration, isStandardPath: Bool)? {
    let named = path ?? locations.value("TOKENVAULT_FILE")
    guard let path = named ?? locations.vault else { return nil }
    let key =
      key ?? locations.value("TOKENVAULT_KEY_FILE").map { .file($0) }
      ?? locations.value("TOKENVAULT_KEY_COMMAND").map { .command($0) }
    var configuration = VaultConfiguration(
      path: path, key: key ?? .standard, lockTimeout: lockTimeout)
    configuration.locations = locations
    return (configuration, named == nil)
  }
}
