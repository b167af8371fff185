/// The meaning of a CSV column and its name in the header.
///
/// A name that TokenVault does not know is an unknown field with text. `json:NAME` holds the JSON of an unknown field;
/// `text:NAME` holds text, for names that would otherwise be read as something else.
package enum CSVColumn: Equatable {
  case known(RecordName)
  case text(String)
  case json(String)

  private static let jsonPrefix = "json:"
  private static let textPrefix = "text:"

  init(header: String) {
    if let name = Self.rest(of: header, after: Self.jsonPrefix) {
      self = .json(name)
    } else if let name = Self.rest(of: header, after: Self.textPrefix) {
      self = .text(name)
    } else if case .attribute(let name) = RecordName(header) {
      self = .text(name)
    } else {
      self = .known(RecordName(header))
    }
  }

  /// Whether a name in a header says by its prefix what it is.
  static func isPrefixed(_ header: String) -> Bool {
    rest(of: header, after: jsonPrefix) != nil || rest(of: header, after: textPrefix) != nil
  }

  var header: String {
    switch self {
    case .known(let name): name.text ?? ""
    case .json(let name): Self.jsonPrefix + name
    case .text(let name):
      name.isEmpty || CSVColumn(header: name) != self ? Self.textPrefix + name : name
    }
  }

  private static func rest(of header: String, after prefix: String) -> String? {
    header.utf8.starts(with: prefix.utf8) ? String(header.utf8.dropFirst(prefix.utf8.count)) : nil
  }

  var field: TokenField? {
    if case .known(.field(let field)) = self { field } else { nil }
  }

  /// The name in the record: `x` and `json:x` are one field.
  var recordName: RecordName {
    switch self {
    case .known(let name): name
    case .text(let name), .json(let name): .attribute(name)
    }
  }

  package static func == (left: CSVColumn, right: CSVColumn) -> Bool {
    switch (left, right) {
    case (.known(let left), .known(let right)): left == right
    case (.text(let left), .text(let right)), (.json(let left), .json(let right)):
      ExactText(left) == ExactText(right)
    default: false
    }
  }
}
