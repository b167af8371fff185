internal import VaultCrypto

/// Why a key cannot be read, made or used.
enum KeyError: Error, Sendable, Equatable {
  /// A file, or another system call, failed.
  case file(FileError)
  /// The source has no key now, or something else than a key.
  case unavailable(problem: String)
  /// The vault's header is damaged, or has no slot for the key.
  case format(FormatError)
  /// The key in this file has opened these other vaults: paths, or ids of stores.
  case shared(path: String, [String])
  /// The vault uses this path itself, so that no key file can be there.
  case reserved(path: String)
  /// OpenSSL or the memory allocation failed.
  case crypto(CryptoError)
}

extension KeyError {
  static func wrap<Value>(
    file work: @autoclosure () throws(FileError) -> Value
  ) throws(KeyError) -> Value {
    do { return try work() } catch { throw .file(error) }
  }

  static func wrap<Value>(
    call work: @autoclosure () throws(SystemCallError) -> Value
  ) throws(KeyError) -> Value {
    do { return try work() } catch { throw .file(.system(error)) }
  }

  static func wrap<Value>(
    crypto work: @autoclosure () throws(CryptoError) -> Value
  ) throws(KeyError) -> Value {
    do { return try work() } catch { throw .crypto(error) }
  }

  static func wrap<Value>(
    format work: @autoclosure () throws(FormatError) -> Value
  ) throws(KeyError) -> Value {
    do { return try work() } catch { throw .format(error) }
  }

  /// Why this source failed; nil for an error that is not about this source. That no descriptor is left, for example,
  /// says nothing about whether the key opens the vault.
  var problem: String? {
    switch self {
    case .file(.missing): "there is no such file"
    case .file(.notRegular): "it is not a regular file"
    case .file(.system(let error)) where error.isAboutItsPlace:
      "\(error.call): \(error.explainedReason)"
    case .unavailable(let problem): problem
    case .format(.wrongKey(let given, _)): "its key \(given.text) is none of this vault's"
    case .file, .format, .shared, .reserved, .crypto: nil
    }
  }
}
