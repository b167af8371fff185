package import VaultCrypto

/// Why a key is not to be had.
package enum KeyError: Error, Sendable, Equatable {
  /// A key file could not be opened, read or made.
  case file(FileError)
  /// The source has something else than a key.
  case notAKey(problem: String)
  /// The source cannot be had.
  case unavailable(problem: String)
  /// The vault's header is damaged where the key should open it.
  case format(FormatError)
  /// Nothing that was tried opens the vault.
  case noneOpens([KeyAttempt])
  /// The key in this file has opened these vaults too: ids of stores, or paths.
  case shared(path: String, [String])
  /// The vault itself uses the path that a key file was to have.
  case reserved(path: String)
  /// OpenSSL or the memory gave out.
  case crypto(CryptoError)
}

extension KeyError {
  /// What to say of a source that failed; nil for what is not about this source alone: that no descriptor is left, say,
  /// is no word on whether the key opens the vault.
  var problem: String? {
    switch self {
    case .file(.missing): "there is no such file"
    case .file(.notRegular): "it is not a regular file"
    case .file(.disk(let error)) where error.isAboutItsPlace:
      "\(error.call): \(error.explainedReason)"
    case .notAKey(let problem), .unavailable(let problem): problem
    case .format(.wrongKey(let given, _)): "its key \(given.text) is none of this vault's"
    case .file, .format, .noneOpens, .shared, .reserved, .crypto: nil
    }
  }
}
