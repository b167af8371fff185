/// Maps of maps and plain texts in YAML, as gh writes them; whatever else YAML has is refused by its line.
struct YAMLMap {
  /// A text, or the members of a map.
  enum Value {
    case text(String)
    case map([(name: String, value: Value)])

    /// The members of a map; none of a text.
    var members: [(name: String, value: Value)] {
      if case .map(let members) = self { members } else { [] }
    }
    /// The member of this name.
    subscript(name: String) -> Value? { members.first { $0.name == name }?.value }
    /// A text that is not empty.
    var text: String? { if case .text(let text) = self, !text.isEmpty { text } else { nil } }
  }

  private struct Line {
    let number: Int
    let indent: Int
    let name: String
    let value: String
  }

  private var lines: ArraySlice<Line>

  /// Reads the map of a whole text.
  ///
  /// - Throws: ``ForeignFault/line(_:_:)`` for a line that gh does not write.
  static func read(_ text: String) throws(ForeignFault) -> Value {
    var lines: [Line] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if let line = try Self.line(line, number: index + 1) { lines.append(line) }
    }
    var map = YAMLMap(lines: lines[...])
    return try map.map(above: -1)
  }

  /// The lines that are indented more than `indent`, each a member of one map.
  private mutating func map(above indent: Int) throws(ForeignFault) -> Value {
    var members: [(name: String, value: Value)] = []
    var names: Set<String> = []
    guard let first = lines.first, first.indent > indent else { return .text("") }
    while let line = lines.first, line.indent > indent {
      guard line.indent == first.indent else {
        throw .line(line.number, "it is indented otherwise than the lines before")
      }
      guard names.insert(line.name).inserted else {
        throw .line(line.number, "its name stands twice in one map")
      }
      lines.removeFirst()
      members.append(
        (line.name, line.value.isEmpty ? try map(above: line.indent) : .text(line.value)))
    }
    return .map(members)
  }

  /// `name: value` or `name:`; nil for an empty line and a comment.
  private static func line(_ text: Substring, number: Int) throws(ForeignFault) -> Line? {
    let content = text.drop { $0 == " " }
    if content.isEmpty || content.hasPrefix("#") || content == "\r" { return nil }
    let end =
      content.hasSuffix(":")
      ? content.index(before: content.endIndex) : content.firstRange(of: ": ")?.lowerBound
    guard let end, let name = scalar(content[..<end]), !name.isEmpty,
      let value = scalar(content[content.index(after: end)...].drop { $0 == " " })
    else { throw .line(number, "expected 'name: value', as gh writes it") }
    return Line(number: number, indent: text.count - content.count, name: name, value: value)
  }

  /// A text without quotes that YAML reads as it stands there, or one in quotes without escapes; else nil.
  private static func scalar(_ text: Substring) -> String? {
    if let quote = text.first, quote == "\"" || quote == "'" {
      guard text.count >= 2, text.last == quote else { return nil }
      let inside = text.dropFirst().dropLast()
      return inside.contains(quote) || inside.contains("\\") ? nil : String(inside)
    }
    if let first = text.first, "-?:,[]{}#&*!|>%@`~\t".contains(first) { return nil }
    if text.contains(" #") || text.contains(": ") || text.contains("\t") || text.hasSuffix(" ") {
      return nil
    }
    return text == "null" ? "" : String(text)
  }
}
