import Glibc
import TokenVault

/// What an import has to say besides its counts.
struct ImportNotes {
  /// About the records.
  let ofRecords: [String]
  /// The path of the file; nil for standard input, and if there are no records.
  private let path: String?

  /// - Parameter areOfProgram: Whether an importer knows all fields of the records.
  init(_ tokens: [OAuthToken], from path: String?, areOfProgram: Bool) {
    ofRecords = [
      Self.repeatedKey(of: tokens), areOfProgram ? nil : Self.unknownFields(of: tokens),
    ].compactMap(\.self)
    self.path = tokens.isEmpty || path == "-" ? nil : path
  }

  /// The records that no name tells apart.
  private static func repeatedKey(of tokens: [OAuthToken]) -> String? {
    RepeatedKey(of: tokens).map {
      "warning: \($0.count) records have the same \($0.field) and client; only their ids tell them apart"
    }
  }

  /// The fields that are kept and mean nothing, if something that is known is missing.
  private static func unknownFields(of tokens: [OAuthToken]) -> String? {
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
    guard let path else { return nil }
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return
      "note: '\(path)' still has these tokens in plain text; if no program needs it: rm \(path.shellPath)"
  }
}
