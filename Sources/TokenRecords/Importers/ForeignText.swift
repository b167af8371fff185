/// What a text is that is no list of records, as far as its start shows.
enum ForeignText {
  /// The bytes that are looked at.
  private static let size = 4096

  private static let starts: [(start: String, name: String)] = [
    ("SQLite format 3\0", "an SQLite database"), ("tokenvault ", "a vault"),
    ("-----BEGIN ", "a file in PEM"), ("%YAML", "YAML"), ("---\n", "YAML"), ("---\r", "YAML"),
    ("<!doctype html", "HTML"), ("<html", "HTML"), ("<", "XML or HTML"),
  ]

  /// A name with its article, if it has one; nil for a text that may be JSON or CSV.
  static func name(of text: Span<UInt8>) -> String? {
    let start = text.extracting(0..<min(size, text.count))
    if let name = starts.first(where: { begins(start, with: $0.start) })?.name { return name }
    if start.indices.contains(where: { start[$0] == 0 }) { return "binary data" }
    let lines = String(decodingASCII: start).split(
      omittingEmptySubsequences: true, whereSeparator: \.isNewline)
    guard let first = lines.first(where: { $0.first != "#" && $0.first != ";" }) else { return nil }
    if isSection(first) { return "an INI file" }
    if isMember(first, of: ":") { return "YAML" }
    return isMember(first, of: "=") ? "a file of settings" : nil
  }

  /// Without regard to case, and to white space before it.
  private static func begins(_ text: Span<UInt8>, with start: String) -> Bool {
    let start = Array(start.utf8)
    guard let first = text.indices.first(where: { !" \t\r\n".utf8.contains(text[$0]) }),
      first + start.count <= text.count
    else { return false }
    return start.indices.allSatisfy { lower(text[first + $0]) == lower(start[$0]) }
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    (65...90).contains(byte) ? byte | 0x20 : byte
  }

  /// `[name]`, which is no JSON.
  private static func isSection(_ line: Substring) -> Bool {
    guard line.first == "[", let end = line.firstIndex(of: "]"),
      line[line.index(after: end)...].allSatisfy({ $0 == " " })
    else { return false }
    let name = line[line.index(after: line.startIndex)..<end]
    return name.first?.isLetter == true
      && name.allSatisfy { $0.isLetter || $0.isNumber || " ._-".contains($0) }
      && !["true", "false", "null"].contains(name)
  }

  /// A name, the mark and a value: `name: value` or `name = value`.
  private static func isMember(_ line: Substring, of mark: Character) -> Bool {
    guard let place = line.firstIndex(of: mark) else { return false }
    let name = line[..<place].drop { $0 == "-" || $0 == " " }
    let isName = name.allSatisfy { $0.isLetter || $0.isNumber || "_.- ".contains($0) }
    let rest = line[line.index(after: place)...]
    return !name.isEmpty && isName && (mark == "=" || rest.isEmpty || rest.first == " ")
  }
}

extension String {
  /// The text of bytes, of which those that are not ASCII become question marks.
  fileprivate init(decodingASCII bytes: Span<UInt8>) {
    self = String(decoding: bytes.indices.map { bytes[$0] < 0x80 ? bytes[$0] : 63 }, as: UTF8.self)
  }
}
