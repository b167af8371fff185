/// What a name in a record stands for.
package enum RecordName: Equatable {
  case field(TokenField)
  case revision
  case history(HistoryField)
  case expiresIn
  case expiresInSeconds
  case zohoExpiry
  case attribute(String)

  init(_ text: String) { self = Self.known[ExactText(text)] ?? .attribute(text) }

  private static let known: [ExactText: RecordName] = {
    let names =
      TokenField.allCases.map { RecordName.field($0) } + HistoryField.allCases.map { .history($0) }
      + [.revision, .expiresIn, .expiresInSeconds, .zohoExpiry]
    return Dictionary(uniqueKeysWithValues: names.map { (ExactText($0.text ?? ""), $0) })
  }()

  /// The name as it is written; nil for an unknown field, whose name may be secret.
  var text: String? {
    switch self {
    case .field(let field): field.name
    case .revision: "revision"
    case .history(let field): field.name
    case .expiresIn: "expires_in"
    case .expiresInSeconds: "expires_in_sec"
    case .zohoExpiry: "expiry_time"
    case .attribute: nil
    }
  }

  /// One bit for each known name.
  var bit: UInt32 {
    switch self {
    case .field(let field): 1 << UInt32(field.rawValue)
    case .history(let field): 1 << UInt32(24 + field.rawValue)
    case .expiresInSeconds: 1 << 28
    case .revision: 1 << 29
    case .expiresIn: 1 << 30
    case .zohoExpiry: 1 << 31
    case .attribute: 0
    }
  }
}
