/// The sections of an INI file: `[name]`, then `key = value`; comments begin with `#` or `;`.
enum INISections {
  typealias Section = (name: String, values: [String: String])

  /// The sections in their order.
  ///
  /// - Throws: ``ForeignFault/line(_:_:)`` for a line that is none of these.
  static func read(_ text: String) throws(ForeignFault) -> [Section] {
    var sections: [Section] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = trimmed(line)
      if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
      if line.hasPrefix("["), line.hasSuffix("]") {
        sections.append((String(line.dropFirst().dropLast()), [:]))
      } else if let equals = line.firstIndex(of: "="), !sections.isEmpty {
        let name = String(trimmed(line[..<equals]))
        sections[sections.count - 1].values[name] = String(
          trimmed(line[line.index(after: equals)...]))
      } else {
        throw .line(index + 1, "expected '[section]' or 'key = value'")
      }
    }
    return sections
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop(while: \.isWhitespace)
    return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? start[..<start.startIndex]
  }
}
