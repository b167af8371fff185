extension OAuthToken: CustomStringConvertible, CustomReflectable {
  /// The names of the fields that are present, and the values of those that are not secret.
  public var description: String {
    let fields = TokenField.allCases.filter(has).map { field in
      "\(field.name): \(field.isSecret ? "<redacted>" : self[field] ?? "")"
    }
    let others = attributes.map { "\($0.name): <redacted>" }
    return "OAuthToken(\((fields + others + ["revision: \(revision)"]).joined(separator: ", ")))"
  }
  /// Shows the description and nothing behind it.
  public var customMirror: Mirror {
    Mirror(self, children: ["description": description], displayStyle: .struct)
  }
}

extension TokenQuery: CustomStringConvertible, CustomReflectable {
  /// The name of the key that decides; its text may be a secret.
  public var description: String { "TokenQuery(\(key.map { "by \($0.field.name)" } ?? "nothing"))" }
  /// Shows the description and nothing behind it.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

extension TokenAttributes: CustomStringConvertible, CustomReflectable {
  /// The names; the values may be secret.
  public var description: String { "[\(map { "\($0.name): <redacted>" }.joined(separator: ", "))]" }
  /// Shows the description and nothing behind it.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
