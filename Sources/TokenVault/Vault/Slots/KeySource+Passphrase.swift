internal import VaultCrypto

extension KeySource {
  /// The first line of an open descriptor, which is to be a new passphrase.
  package static func passphraseLine(of descriptor: Int32) throws(TokenVaultError) -> Secret {
    do { return try SecretInput(descriptor: descriptor, disk: LinuxDisk()).text() } catch {
      throw .noPassphrase(error.problem ?? "descriptor \(descriptor) cannot be read")
    }
  }
}
