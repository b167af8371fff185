extension Vault {
  /// Keeps the opened data key in the kernel's user keyring, for this user's processes, until the time is up:
  /// so that a passphrase is typed once.
  ///
  /// After the next rotation it opens nothing any more. Throws `keyring` where the kernel refuses, as in many
  /// containers.
  public func unlock(for time: Duration) throws(TokenVaultError) {
    let (store, dataKey) = try read { ($0.header.store, $0.found.dataKey) }
    let seconds = UInt32(clamping: Int64(max(1, min(time / .seconds(1), 4_000_000_000))))
    do { try KernelKeyring.keep(dataKey, of: store, seconds: seconds) } catch {
      throw .keyring(reason: error.reason)
    }
  }

  /// Takes the data key of the vault out of the kernel's keyring; false where none was kept. Needs no key.
  @discardableResult
  public static func lock(_ configuration: VaultConfiguration) throws(TokenVaultError) -> Bool {
    let header = try VaultReader(configuration.file()).header
    do { return try KernelKeyring.forget(header.store) } catch {
      throw .keyring(reason: error.reason)
    }
  }
}
