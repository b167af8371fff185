internal import VaultCrypto

extension KeySource {
  /// A new passphrase, the first line of an open descriptor.
  package static func passphraseLine(of descriptor: Int32) -> PassphraseAnswer {
    do { return .text(try SecretInput(descriptor: descriptor, disk: LinuxDisk()).text()) } catch {
      return .none(reason: error.problem ?? "descriptor \(descriptor) cannot be read")
    }
  }
}
