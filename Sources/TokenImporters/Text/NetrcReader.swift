/// Reads the entries of a netrc file.
struct NetrcReader {
  /// A machine's entry; the default entry has no machine.
  struct Entry {
    let machine: String?
    var login: String?
    var password: String?
    var account: String?
  }

  private var rest: Substring
  private var line = 1
  /// A word that was read, and begins the next entry.
  private var pending: (text: String, line: Int)?

  init(_ text: String) { rest = text[...] }

  /// The next entry; nil at the end.
  ///
  /// - Throws: ``ForeignFault/line(_:_:)`` if a word is none that a netrc file has there.
  mutating func nextEntry() throws(ForeignFault) -> Entry? {
    while let (word, line) = try keyword() {
      switch word {
      case "machine": return try entry(of: try value(of: word, line))
      case "default": return try entry(of: nil)
      case "macdef": skipMacro()
      default: throw .line(line, "expected 'machine', 'default' or 'macdef'")
      }
    }
    return nil
  }

  private mutating func entry(of machine: String?) throws(ForeignFault) -> Entry {
    var entry = Entry(machine: machine)
    while let (word, line) = try keyword() {
      switch word {
      case "login", "user": entry.login = try value(of: word, line)
      case "password": entry.password = try value(of: word, line)
      case "account": entry.account = try value(of: word, line)
      case "machine", "default", "macdef":
        pending = (word, line)
        return entry
      default: throw .line(line, "expected 'login', 'password' or 'account'")
      }
    }
    return entry
  }

  private mutating func keyword() throws(ForeignFault) -> (text: String, line: Int)? {
    if let pending {
      self.pending = nil
      return pending
    }
    while true {
      guard let word = try word() else { return nil }
      guard word.text.hasPrefix("#") else { return word }
      while let next = rest.first, !next.isNewline { skip(next) }
    }
  }

  private mutating func value(of name: String, _ line: Int) throws(ForeignFault) -> String {
    guard let word = try word() else { throw .line(line, "nothing stands behind '\(name)'") }
    return word.text
  }

  /// The next word, without its quotes and escapes; nil at the end.
  private mutating func word() throws(ForeignFault) -> (text: String, line: Int)? {
    while let next = rest.first, next.isWhitespace { skip(next) }
    let start = line
    guard let first = rest.first else { return nil }
    let isQuoted = first == "\""
    if isQuoted { skip(first) }
    var word = ""
    while let next = rest.first, isQuoted ? next != "\"" : !next.isWhitespace {
      skip(next)
      if next == "\\", let escaped = rest.first {
        skip(escaped)
        word.append(escaped)
      } else {
        word.append(next)
      }
    }
    if isQuoted, rest.popFirst() == nil { throw .line(start, "a quoted word never ends") }
    return (word, start)
  }

  private mutating func skip(_ character: Character) {
    if character.isNewline { line += 1 }
    rest.removeFirst()
  }

  /// A macro ends with an empty line.
  private mutating func skipMacro() {
    var isEmpty = false
    while let next = rest.first {
      skip(next)
      guard next.isNewline else {
        isEmpty = false
        continue
      }
      if isEmpty { return }
      isEmpty = true
    }
  }
}
