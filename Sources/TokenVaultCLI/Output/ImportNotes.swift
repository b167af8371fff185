import Glibc
import TokenVault

/// What an import has to say besides its counts.
struct ImportNotes {
  let tokens: [OAuthToken]
  let source: RecordSource
  /// Whether an importer knows all their fields.
  let areOfProgram: Bool

  /// About the records.
  var ofRecords: [String] { [repeatedKey, unknownFields].compactMap(\.self) }

  /// The records that no name tells apart.
  private var repeatedKey: String? {
    RepeatedKey(of: tokens).map {
      "warning: \($0.count) records have the same \($0.field) and client; only their ids tell them apart"
    }
  }

  /// The fields that are kept and mean nothing, if something that is known is missing.
  private var unknownFields: String? {
    if areOfProgram { return nil }
    let wanted: [TokenField] = [.userName, .clientID, .accessToken, .expiresAt]
    var names: Set<String> = []
    for token in tokens where !token.attributes.isEmpty && names.count < 1000 {
      guard wanted.contains(where: { !token.has($0) }) else { continue }
      for attribute in token.attributes { names.insert(attribute.name) }
    }
    let unknown = names.filter(\.isUnknownName).sorted()
    if unknown.isEmpty { return nil }
    return "note: kept, but not known: \(unknown.quotedList)"
  }

  /// The file that still has all secrets, and how to remove it.
  var ofPlaintext: String? {
    guard !tokens.isEmpty, let path = source.path, path != "-" else { return nil }
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return
      "note: '\(path)' still has these tokens in plain text; if no program needs it: rm \(path.shellPath)"
  }
}
