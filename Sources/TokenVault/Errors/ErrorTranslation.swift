internal import Glibc
internal import VaultCrypto

// Where the error of a room below becomes a ``TokenVaultError``, around one call: `try TokenVaultError.wrap(file:
// file.lock(timeout: timeout))`. `Engine` makes those that need more than the error: all keys that were tried, and
// the place of a fault in a snapshot. No `Result`: to make its metadata, the runtime searches all conformances for
// those of the error types, which a process that reads one token notices.
extension TokenVaultError {
  static func wrap<Value: ~Copyable>(
    file work: @autoclosure () throws(FileError) -> Value
  ) throws(TokenVaultError) -> Value {
    do { return try work() } catch { throw TokenVaultError(error) }
  }

  static func wrap<Value: ~Copyable>(
    crypto work: @autoclosure () throws(CryptoError) -> Value
  ) throws(TokenVaultError) -> Value {
    do { return try work() } catch { throw TokenVaultError(error) }
  }

  /// For a vault at `path`.
  static func wrap<Value: ~Copyable>(
    at path: String, format work: @autoclosure () throws(FormatError) -> Value
  ) throws(TokenVaultError) -> Value {
    do { return try work() } catch { throw TokenVaultError(error, path: path) }
  }

  /// For a vault at `path`; `source` is that of a new key.
  static func wrap<Value: ~Copyable>(
    at path: String, _ source: KeySource = .standard,
    key work: @autoclosure () throws(KeyError) -> Value
  ) throws(TokenVaultError) -> Value {
    do { return try work() } catch { throw TokenVaultError(error, path: path, source: source) }
  }

  /// For a call of the table; `record` counts the given records from 1.
  static func wrap<Value: ~Copyable>(
    record: Int = 1, table work: @autoclosure () throws(TokenTableError) -> Value
  ) throws(TokenVaultError) -> Value {
    do { return try work() } catch { throw TokenVaultError(error, record: record) }
  }

  /// For an import.
  static func wrap<Value: ~Copyable>(
    import work: @autoclosure () throws(ImportFault) -> Value
  ) throws(TokenVaultError) -> Value {
    do { return try work() } catch { throw TokenVaultError(error.reason, record: error.record) }
  }

  /// For a call of the kernel's keyring.
  static func wrap<Value: ~Copyable>(
    keyring work: @autoclosure () throws(SystemCallError) -> Value
  ) throws(TokenVaultError) -> Value {
    do { return try work() } catch { throw TokenVaultError.keyring(reason: error.description) }
  }
}

extension TokenVaultError {
  init(_ error: TokenTableError, record: Int = 1) {
    self =
      switch error {
      case .unknownID(let id): .unknownID(id)
      case .countersExhausted: .countersExhausted
      case .noCredential: .noCredential(record: record)
      case .userConflict(let id): .userConflict(id: id)
      case .revisionConflict(let id, let expected, let actual):
        .revisionConflict(id: id, expected: expected, actual: actual)
      case .severalClients(let clients): .severalClients(clients, record: record)
      case .endpointMoved(let move): .endpointMoved(move)
      case .foreignID: .foreignID(record: record)
      case .clientConflict(let id): .clientConflict(id: id)
      case .sameRecord(let id, let other): .sameRecord(id: id, records: [other, record])
      case .noMatch: .noMatch
      }
  }

  init(_ error: FileError) {
    self =
      switch error {
      case .system(let error): .init(error)
      case .missing(let path): .init(SystemCallError("open", path, errno: ENOENT))
      case .noVault(let path, let previous): .noVault(path: path, previous: previous)
      case .noDirectory(let path): .noDirectory(path: path)
      case .alreadyThere(let path): .alreadyExists(path: path)
      case .notRegular(let path, let isDirectory):
        .notAFile(path: path, isDirectory: isDirectory)
      case .unsafe(let path, let access): Self.unsafe(path, access)
      case .unsafeDirectory(let directory): .init(directory)
      case .mounted(let path): .mountedByItself(path: path)
      case .notWritten(let path):
        .system(call: "read", path: path, errno: EIO, reason: "it is not what was written")
      case .tooLarge(let path, let limit): .tooLarge(path: path, limit: limit)
      case .lockTimeout(let path, let seconds, let holder):
        .lockTimeout(path: path, seconds: seconds, holder: holder)
      }
  }

  /// For a vault at `path`; `source` is that of a new key.
  init(_ error: KeyError, path: String, source: KeySource = .standard) {
    let attempts = error.problem.map { [KeyAttempt(source.description, $0)] } ?? []
    self =
      switch error {
      case _ where !attempts.isEmpty, .unavailable:
        .keyUnavailable(path: path, attempts: attempts, slots: [])
      case .file(let error): .init(error)
      case .format(let error): .init(error, path: path)
      case .shared(let path, let stores): .keyShared(path: path, others: stores)
      case .reserved(let path): .reservedPath(path: path)
      case .crypto(let error): .init(error)
      }
  }

  /// For a key file that was to be written: the system's error is not about a missing key.
  init(writing error: KeyError, _ path: String, source: KeySource = .standard) {
    if case .file(let error) = error {
      self.init(error)
    } else {
      self.init(error, path: path, source: source)
    }
  }

  init(_ error: CryptoError) {
    self =
      switch error {
      case .openSSL(let call, let reason): .cryptography("\(call): \(reason)")
      case .outOfMemory(let bytes):
        .system(call: "calloc", path: nil, errno: ENOMEM, reason: "no memory for \(bytes) bytes")
      case .noRandomness(let call, let errno): .init(SystemCallError(call, errno: errno))
      case .keySize(let bytes): .cryptography("a key cannot have \(bytes) bytes")
      case .notAuthentic: .cryptography("a message is not authentic")
      }
  }

  init(_ error: FormatError, path: String) {
    func damaged(_ place: String) -> TokenVaultError { .damaged(path: path, place: place) }
    self =
      switch error {
      case .empty: damaged("it is empty")
      case .notAVault: damaged("it does not begin like a vault")
      case .unknownVersion(let version, isIntact: true):
        .newerVersion(path: path, version: version)
      case .unknownVersion(let version, isIntact: false):
        damaged(
          "it says it is of version \(version), newer than this program reads, or was changed")
      case .unknownFeatures(let features): .unknownFeatures(path: path, features: features)
      case .header(let line): damaged("line \(line) of its header is not understood")
      case .headerDigest: damaged("its header was changed")
      case .headerWithoutEnd: damaged("its header has no end")
      case .length(let expected, let actual):
        damaged("it has \(actual) bytes where its header, snapshot and index make \(expected)")
      case .slot(let name): damaged("the wrapped key of its slot '\(name)' was changed")
      case .slotList(let name):
        damaged("the list of its key slots was changed, as its slot '\(name)' shows")
      case .snapshot(let offset): damaged("its snapshot was changed at or after byte \(offset)")
      case .index(let offset): damaged("its index was changed at or after byte \(offset)")
      case .wrongKey(let given, let slots):
        .keyUnavailable(
          path: path, attempts: [KeyAttempt("key", "its id is \(given.text)")],
          slots: slots.map(\.text))
      case .crypto(let error): .init(error)
      }
  }

  /// A person gave no passphrase.
  package static func noPassphrase(_ reason: String) -> TokenVaultError {
    .notAnswered(reason: "no passphrase was given: \(reason)")
  }
}

extension String {
  /// The text as one word of a shell's command line.
  ///
  /// By scalars: to Swift, a quote and a combining mark behind it are one character, and no quote.
  package var shellQuoted: String {
    let scalars = unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }
    return "'\(scalars.joined())'"
  }

  /// The path as one word of a shell's command line, which no program takes for an option.
  package var shellPath: String { (beginsLikeAnOption ? "./" + self : self).shellQuoted }

  /// The text as an argument of `tokenvault` behind all options, which is not taken for one.
  var shellArgument: String { (beginsLikeAnOption ? "-- " : "") + shellQuoted }

  /// Whether a program takes the text for an option.
  var beginsLikeAnOption: Bool { utf8.first == UInt8(ascii: "-") }
}

extension TokenVaultError {
  /// For a key file that is written, for a vault at `path`.
  static func wrap<Result: ~Copyable>(
    writing path: String, key work: @autoclosure () throws(KeyError) -> Result
  ) throws(TokenVaultError) -> Result {
    do { return try work() } catch { throw TokenVaultError(writing: error, path) }
  }
}
