internal import COpenSSL
internal import Synchronization

/// How a process of its own starts OpenSSL.
package enum OpenSSLStart {
  /// Whether ciphers are found in a library context that has no others.
  static let hasFewCiphers = Atomic(false)

  /// Leaves out what vaults do not need, if no configuration of OpenSSL asks for more: more than half of the time that
  /// OpenSSL takes to find its first digest and cipher.
  ///
  /// Its first cipher is found among two, which spares the construction of all others.
  ///
  /// The names and numbers of algorithms that certificates need stay unknown (OPENSSL_init_crypto(3)), so this is not for
  /// a process that uses TLS, nor for a library. The reasons of errors are numbers. It does nothing if OpenSSL was used
  /// before. A configuration that changes anything (a crypto policy, a provider) is read, and stays in force.
  package static func forVaultsAlone() {
    guard OpenSSLConfiguration.systemChangesNothing else { return }
    let omitted =
      OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS
      | OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS
    _ = OPENSSL_init_crypto(UInt64(omitted), nil)
    hasFewCiphers.store(true, ordering: .relaxed)
  }

  /// The version of the library that is loaded, which may be newer than the one of the headers.
  package static var version: String {
    unsafe OpenSSL_version(OPENSSL_VERSION_STRING).map { unsafe String(cString: $0) } ?? "unknown"
  }
}
