// The same operations for tasks: opening a vault, and what is done to one that is not open. None blocks the thread of the
// task. What a configuration asks (a passphrase) runs on a thread of the library, and may block it.
extension Vault {
  /// Opens the vault that the configuration names.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  public convenience init(_ configuration: VaultConfiguration) async throws {
    let session = try await CallLane.opening.run {
      try VaultSession.load(VaultAccess(configuration.file(), configuration))
    }
    self.init(configuration, session)
  }

  /// Makes a vault that is not there yet, and its key file unless that is there already.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  public static func create(
    _ configuration: VaultConfiguration, format: RecordFormat = .json,
    recovery: RecoveryCode? = nil
  ) async throws -> Vault {
    try await CallLane.opening.run { try create(configuration, format: format, recovery: recovery) }
  }

  /// Opens the vault, or makes it if neither it nor its previous snapshot is there.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  public static func openOrCreate(
    _ configuration: VaultConfiguration, format: RecordFormat = .json
  ) async throws -> Vault {
    try await CallLane.opening.run { try openOrCreate(configuration, format: format) }
  }

  /// Removes the vault's data-encryption key from the kernel's keyring.
  ///
  /// - Returns: False if none was kept.
  /// - Throws: As the synchronous form, and `CancellationError`.
  @discardableResult
  public static func lock(_ configuration: VaultConfiguration) async throws -> Bool {
    try await CallLane.opening.run { try lock(configuration) }
  }

  /// Rotates the keys of a vault that is not open.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  @discardableResult
  public static func rotate(
    _ configuration: VaultConfiguration, _ rotation: RotationOptions = RotationOptions()
  ) async throws -> RotationReport {
    try await CallLane.opening.run { try rotate(configuration, rotation) }
  }

  /// Goes on with what is sound in a damaged vault.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  @discardableResult
  public static func repair(
    _ configuration: VaultConfiguration, policy: RetentionPolicy? = nil
  ) async throws -> RepairReport {
    try await CallLane.opening.run { try repair(configuration, policy: policy) }
  }

  /// Removes the damaged files that repairs and restores have set aside, once the vault is sound.
  ///
  /// - Returns: The paths that were removed.
  /// - Throws: As the synchronous form, and `CancellationError`.
  @discardableResult
  public static func discardDamaged(_ configuration: VaultConfiguration) async throws -> [String] {
    try await CallLane.opening.run { try discardDamaged(configuration) }
  }

  /// Restores the records of the previous snapshot, or of another copy of the vault, after opening it.
  ///
  /// - Throws: As the synchronous form, and `CancellationError`.
  @discardableResult
  public static func restore(
    _ configuration: VaultConfiguration, from path: String? = nil, key: KeySource? = nil,
    announce: (@Sendable (RestoreReport) -> Void)? = nil
  ) async throws -> RestoreReport {
    try await CallLane.opening.run {
      try restore(configuration, from: path, key: key, announce: announce)
    }
  }
}
