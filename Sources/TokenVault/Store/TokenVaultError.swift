/// Everything that can go wrong with a store, in the terms of whoever uses it. No case carries a secret.
@nonexhaustive public enum TokenVaultError: Error, Sendable, Equatable {
  /// No record has this id.
  case unknownID(String)
  /// A new record needs an access, refresh or grant token; `record` counts the given ones from 1.
  case noCredential(record: Int)
  /// The record would not be read back as it is: it is longer than `RecordFormat.recordSizeLimit`, or has an
  /// unknown field whose name is a known one's or whose JSON is none.
  case unstorable(record: Int)
  /// The store would hold more than `RecordFormat.recordCountLimit` records.
  case tooManyRecords
  /// A generation, revision or id has been counted up to 10^15, where counting ends.
  case countersExhausted
  /// A CSV vault would have unknown fields of more than `RecordFormat.attributeColumnLimit` names, or names
  /// too long for a header.
  case tooManyUnknownFields
  /// The record with this id belongs to another user than the one given.
  case userConflict(id: String)
  /// The record is no longer at the revision demanded; 0 stands for no record.
  case revisionConflict(id: String?, expected: Int, actual: Int)

  /// There is no vault at the path. `previous` is the snapshot before the last save, where that is still
  /// there: the vault was moved or removed by hand.
  case noVault(path: String, previous: String?)
  /// The directory that a vault was to be made in is not there.
  case noDirectory(path: String)
  /// There is something at the path where a vault was to be made, or the snapshot of one.
  case alreadyExists(path: String)
  /// The file is no vault, or has been cut or changed; `place` says what and where.
  case damaged(path: String, place: String)
  /// The vault was written by a newer version.
  case newerVersion(path: String, version: String)
  /// The path leads to a directory, pipe or device.
  case notAFile(path: String, isDirectory: Bool)
  /// Others can get at the file; `remedy` is the command that ends it.
  case unsafePermissions(path: String, problem: String, remedy: String)
  /// The file has more than `limit` bytes.
  case tooLarge(path: String, limit: Int64)

  /// The key's file is missing, unreadable or no key.
  case keyUnavailable(path: String?, problem: String)
  /// The key does not open this vault.
  case wrongKey(path: String, given: String, expected: [String])
  /// Another process kept the right to write for longer than the timeout.
  case lockTimeout(path: String, seconds: Double, holder: Int32?)

  /// More bytes of records were given than are read at once.
  case inputTooLarge(source: String, limit: Int64)
  /// Records that were given are not in the format they should be in.
  case invalidRecords(source: String, RecordError)
  /// A system call failed.
  case system(call: String, path: String?, errno: Int32, reason: String)
  /// OpenSSL refused its work.
  case cryptography(String)
}

extension TokenVaultError: CustomStringConvertible {
  /// One sentence in lower case without a full stop; paths in quotes.
  public var description: String {
    switch self {
    case .unknownID(let id): "no token has the id '\(id)'"
    case .noCredential(let record):
      "record \(record) has no access, refresh or grant token, and matches none that is stored"
    case .unstorable(let record):
      "record \(record) is longer than \(RecordFormat.recordSizeLimit) bytes, or has an unusable field name"
    case .tooManyRecords: "a vault holds at most \(RecordFormat.recordCountLimit) records"
    case .countersExhausted: "a generation, revision or id has been counted to its end"
    case .tooManyUnknownFields:
      "a csv vault holds unknown fields of at most \(RecordFormat.attributeColumnLimit) names"
    case .userConflict(let id): "the token with the id '\(id)' belongs to another user"
    case .revisionConflict(let id, let expected, let actual):
      Self.revisions(id, expected: expected, actual: actual)
    case .noVault(let path, nil): "there is no vault at '\(path)'"
    case .noVault(let path, let previous?):
      "there is no vault at '\(path)', but its previous snapshot is at '\(previous)'"
    case .noDirectory(let path): "there is no directory '\(path)'"
    case .alreadyExists(let path): "'\(path)' already exists"
    case .damaged(let path, let place): "'\(path)' is damaged or no vault: \(place)"
    case .newerVersion(let path, let version):
      "'\(path)' is a vault of version \(version), newer than this program reads (\(VaultHeader.version))"
    case .notAFile(let path, let isDirectory):
      "'\(path)' is \(isDirectory ? "a directory" : "not a regular file")"
    case .unsafePermissions(let path, let problem, _): "'\(path)' is not safe: \(problem)"
    case .inputTooLarge(let source, let limit): "\(source) is larger than \(limit) bytes"
    case .tooLarge(let path, let limit): "'\(path)' is larger than \(limit) bytes"
    case .keyUnavailable(let path?, let problem): "the key '\(path)' cannot be used: \(problem)"
    case .keyUnavailable(nil, let problem): "no key can be used: \(problem)"
    case .wrongKey(let path, let given, let expected):
      "'\(path)' is not opened by the key \(given), but by \(expected.joined(separator: ", "))"
    case .lockTimeout(let path, let seconds, let holder):
      "waited \(seconds) s for the right to write '\(path)'"
        + (holder.map { ", which process \($0) has" } ?? "")
    case .invalidRecords(let source, let error): "\(source): \(error)"
    case .system(let call, let path?, _, let reason): "\(call) '\(path)': \(reason)"
    case .system(let call, nil, _, let reason): "\(call): \(reason)"
    case .cryptography(let reason): "OpenSSL: \(reason)"
    }
  }

  private static func revisions(_ id: String?, expected: Int, actual: Int) -> String {
    let name = id.map { "the token '\($0)'" } ?? "the token"
    if actual == 0 { return "\(name) is not there, and was demanded at revision \(expected)" }
    if expected == 0 { return "\(name) is there already, at revision \(actual)" }
    return "\(name) is at revision \(actual), no longer at \(expected)"
  }

  /// What to do next, where there is something.
  public var hint: String? {
    switch self {
    case .tooManyUnknownFields: "a json vault has no such limit: tokenvault convert --format json"
    case .noDirectory(let path): "mkdir -p \(path.shellQuoted)"
    case .noVault(let path, nil): "make one with: tokenvault init --vault \(path.shellQuoted)"
    case .noVault(let path, let previous?):
      "to go back to that snapshot: mv \(previous.shellQuoted) \(path.shellQuoted)"
    case .unsafePermissions(_, _, let remedy): remedy
    case .newerVersion: "install a newer tokenvault"
    case .keyUnavailable: "name the key with --key-file or TOKENVAULT_KEY_FILE"
    case .wrongKey: "name the right key with --key-file or TOKENVAULT_KEY_FILE"
    case .lockTimeout: "wait longer with --lock-timeout"
    case .revisionConflict, .userConflict: "read the token again, then decide"
    default: nil
    }
  }
}
