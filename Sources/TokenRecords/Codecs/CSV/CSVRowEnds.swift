/// The ends of the first and the last row that end in a piece of CSV; each offset is behind the line end.
package struct CSVRowEnds {
  /// Nil if no row ends in the piece.
  package private(set) var first: Int?
  package private(set) var last: Int?
  /// Whether every quote is at a legal place: the beginning or the end of a value, or doubled within one.
  package private(set) var isPossible = true

  /// Scans a piece; `isInQuotes` says whether it begins within a quoted value.
  package init(_ text: Span<UInt8>, isInQuotes: Bool) {
    var isInQuotes = isInQuotes
    var lastClosing = -2
    for place in text.indices {
      switch text[place] {
      case UInt8(ascii: "\"") where isInQuotes:
        (isInQuotes, lastClosing) = (false, place)
        if place + 1 < text.count, !Self.mayEnd(before: text[place + 1]) { isPossible = false }
      case UInt8(ascii: "\""):
        isInQuotes = true
        let mayOpen =
          place == 0 || lastClosing == place - 1 || Self.mayBegin(after: text[place - 1])
        if !mayOpen { isPossible = false }
      case 0x0A where !isInQuotes:
        if first == nil { first = place + 1 }
        last = place + 1
      default: break
      }
    }
  }

  private static func mayBegin(after byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == 0x0A
  }

  private static func mayEnd(before byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == 0x0D || byte == UInt8(ascii: "\"")
  }

  /// The number of values in the first row of a text.
  package static func values(inFirstRowOf text: Span<UInt8>) -> Int {
    var (count, isInQuotes) = (1, false)
    for place in text.indices {
      if text[place] == UInt8(ascii: "\"") { isInQuotes.toggle() }
      if isInQuotes { continue }
      if text[place] == UInt8(ascii: ",") { count += 1 }
      if text[place] == 0x0A { break }
    }
    return count
  }
}
