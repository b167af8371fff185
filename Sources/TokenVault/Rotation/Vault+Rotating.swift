extension Vault {
  /// Makes a new data key and a new key for the slot that the vault was opened with, seals everything again,
  /// and wraps the data key for every other slot; the old key, the snapshot before and every older copy of
  /// the file open nothing that is written from then on.
  ///
  /// Other processes go on reading and writing meanwhile. A kill at any moment leaves a vault that opens.
  /// Throws `keyNotReplaceable` or `keyShared` before anything is changed; after every other error, too, the
  /// vault opens with what is in the key's place.
  @discardableResult
  public func rotate(
    _ rotation: RotationOptions = RotationOptions()
  ) throws(TokenVaultError) -> RotationReport {
    let (access, known) = try withCurrentState { ($0.access, $0.known) }
    let rotator = KeyRotator(access: access, configuration: configuration, rotation: rotation)
    let outcome = try rotator.run(known)
    if !rotation.isDryRun { try adopt(outcome.found) }
    return outcome.report
  }

  /// The same for a vault that is not open: its records are sealed again without being read.
  @discardableResult
  public static func rotate(
    _ configuration: VaultConfiguration, _ rotation: RotationOptions = RotationOptions()
  ) throws(TokenVaultError) -> RotationReport {
    var configuration = configuration
    // What the keyring keeps says nothing of the slot's key, which is to be renewed.
    if !rotation.keepsKey { configuration.usesKeyring = false }
    if rotation.otherSlots == .accept { configuration.acceptsSlots = true }
    let access = VaultAccess(try configuration.file(), configuration)
    return try KeyRotator(access: access, configuration: configuration, rotation: rotation)
      .run(nil).report
  }
}
