/// A place in a text, for a person.
struct TextPlace {
  /// In bytes from the start of the text.
  private(set) var offset = 0
  /// From 1.
  private(set) var line = 1
  /// In characters, from 1.
  private(set) var column = 1

  /// Goes on to an offset of the text, or to its end; never back.
  mutating func advance(to end: Int, in text: Span<UInt8>) {
    while offset < min(end, text.count) {
      let byte = text[offset]
      if byte == UInt8(ascii: "\n") {
        (line, column) = (line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
      offset += 1
    }
  }
}
