/// Counts the lines of a text that comes in pieces, without the line ends inside CSV quotes. Much faster than decoding.
package struct LineCount {
  package let format: RecordFormat
  /// The number of lines so far.
  package private(set) var lines = 0
  private var isInQuotes = false

  package init(format: RecordFormat) { self.format = format }

  /// Counts the lines of the next piece.
  package mutating func add(_ text: Span<UInt8>) {
    lines += format == .json ? ByteScan.count("\n", text) : countOutsideQuotes(text)
  }

  private mutating func countOutsideQuotes(_ text: Span<UInt8>) -> Int {
    var lines = 0
    var isInQuotes = isInQuotes
    for index in text.indices {
      isInQuotes = isInQuotes != (text[index] == 0x22)
      lines &+= text[index] == 0x0A && !isInQuotes ? 1 : 0
    }
    self.isInQuotes = isInQuotes
    return lines
  }
}
