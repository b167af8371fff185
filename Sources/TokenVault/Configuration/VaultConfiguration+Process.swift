internal import VaultCrypto

extension VaultConfiguration {
  /// Says that this process uses OpenSSL for vaults alone, and not for TLS: it then starts faster
  /// (``OpenSSLStart/forVaultsAlone()``). Call it before anything else of this module.
  package static func useOpenSSLForVaultsAlone() { OpenSSLStart.forVaultsAlone() }

  /// The version of the OpenSSL that this process has loaded: `3.0.19`.
  package static var versionOfOpenSSL: String { OpenSSLStart.version }

  /// The version of the file format that this library reads and writes.
  package static var formatVersion: String { VaultHeader.version }
}
