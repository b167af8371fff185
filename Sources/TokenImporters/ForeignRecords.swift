package import TokenRecords

/// What an importer has found in a file.
package struct ForeignRecords: Sendable {
  /// The records, in the order of the file, and what was not understood of them.
  package var records = ReadRecords()
  /// What a person must know, one sentence each: the entries that were left out, and why. No note has a secret.
  package var notes: [String] = []

  var tokens: [OAuthToken] {
    get { records.tokens }
    _modify { yield &records.tokens }
  }

  mutating func skip(_ entry: String, _ reason: String) {
    notes.append("skipped \(entry): \(reason)")
  }
}

extension OAuthToken {
  /// A field's text; nil and an empty one leave the field absent.
  func with(_ field: TokenField, _ text: String?) -> OAuthToken {
    guard let text, !text.isEmpty else { return self }
    var token = self
    token[field] = text
    return token
  }

  /// As ``with(_:_:)``, for an unknown field.
  func with(_ name: String, _ text: String?) -> OAuthToken {
    guard let text, !text.isEmpty else { return self }
    var token = self
    token.attributes[name] = .text(Secret(text))
    return token
  }
}
