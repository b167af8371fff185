package import VaultCrypto

/// Why a key is not to be had.
package enum KeyError: Error, Sendable, Equatable {
  /// The key file could not be opened, read or made.
  case file(FileError)
  /// The key file has another number of bytes than a key.
  case size(path: String, bytes: Int64)
  /// OpenSSL or the memory gave out.
  case crypto(CryptoError)
  /// Neither `XDG_STATE_HOME` nor `HOME` says where the default key file is.
  case noStateDirectory
}
