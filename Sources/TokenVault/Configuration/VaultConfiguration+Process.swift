internal import VaultCrypto

extension VaultConfiguration {
  /// Says that this process uses OpenSSL for vaults alone, and not for TLS: it then starts faster
  /// (``OpenSSLStart/forVaultsAlone()``). Call it before anything else of this module.
  package static func useOpenSSLForVaultsAlone() { OpenSSLStart.forVaultsAlone() }
}
