internal import TokenVault

/// Text made fit for a terminal.
enum DisplayText {
  /// The text with escapes for what a terminal would act on or hide: controls, line separators, direction marks.
  static func oneLine(_ text: String) -> String { isPlain(text) ? text : text.onOneLine }

  /// The same for each line of the text.
  static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { oneLine(String($0)) }
      .joined(separator: "\n")
  }

  /// The text as one line for a program, which can undo it: a backslash is written as two.
  static func unambiguous(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return oneLine(text) }
    return oneLine(text.unicodeScalars.map { $0 == "\\" ? "\\\\" : String($0) }.joined())
  }

  /// JSON with `\u` escapes for the same characters. No value changes: JSON has them in strings only.
  static func json(_ text: String) -> String {
    // Below blank, JSON has only line feeds, between values.
    if text.utf8.allSatisfy({ $0 < 0x7F }) { return text }
    return text.unicodeScalars.map { scalar in
      scalar.value >= 0x20 && scalar.isHidden ? jsonEscape(scalar) : String(scalar)
    }.joined()
  }

  private static func jsonEscape(_ scalar: Unicode.Scalar) -> String {
    UTF16.encode(scalar)?.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined() ?? ""
  }

  static func width(_ text: String) -> Int {
    isPlain(text) ? text.utf8.count : text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// Whether the text is printable ASCII, as most is: Unicode's tables are slow.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    // The blocks of wide characters (Unicode Standard Annex 11), roughly.
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18CFF,
      0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// The text with blanks behind it, in at least `width` cells.
  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - self.width(text)))
  }

  /// The text, or its beginning and an ellipsis, in at most `limit` cells.
  static func cut(_ text: String, to limit: Int) -> String {
    guard width(text) > limit else { return text }
    return beginning(of: text, in: limit - 1) + "…"
  }

  /// The text, or its beginning and its end with an ellipsis between them, in at most `limit` cells.
  static func cutInMiddle(_ text: String, to limit: Int) -> String {
    guard width(text) > limit else { return text }
    let end = String(beginning(of: text.reversed(), in: (limit - 1) / 2).reversed())
    return beginning(of: text, in: limit - 1 - width(end)) + "…" + end
  }

  private static func beginning(of text: some Sequence<Character>, in cells: Int) -> String {
    var (result, used) = ("", 0)
    for character in text {
      used += width(String(character))
      if used > cells { break }
      result.append(character)
    }
    return result
  }
}
