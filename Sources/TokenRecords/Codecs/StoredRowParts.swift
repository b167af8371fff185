internal import VaultCrypto

/// Cuts a text of stored records, which comes in pieces, into parts of whole rows, so that the whole text is never in
/// memory.
package struct StoredRowParts {
  /// The header row of CSV, and the rows behind the last part, as far as they have come.
  package private(set) var text: [UInt8] = []
  /// Bytes of the rows of all parts so far, without the header row: how much further a place is in the whole text.
  package private(set) var offset = 0
  /// The size of the header row; nil until it is complete, 0 in JSON.
  private var headerSize: Int?
  private let format: RecordFormat
  /// A part has at least so many bytes, but for the last one.
  private let partSize: Int

  /// - Parameter partSize: The bytes of a part: 256 KiB, or fewer to test where parts end.
  package init(_ format: RecordFormat, partSize: Int = 262_144) {
    (self.format, self.partSize) = (format, partSize)
    headerSize = format == .json ? 0 : nil
    text.reserveCapacity(2 * partSize)
  }

  /// Where the rows begin in `text`: behind the header row, but for the first part.
  package var rowsStart: Int { headerSize ?? 0 }

  /// Adds the next piece of the whole text.
  package mutating func append(_ piece: Span<UInt8>) {
    text.makeRoom(for: piece.count)
    text.append(contentsOf: piece)
  }

  /// Where in `text` the next part ends; nil as long as too little has come.
  package mutating func partEnd() -> Int? { text.count >= partSize ? lastRowEnd() : nil }

  /// Removes and overwrites a part, which ends here, but keeps the header row.
  package mutating func pass(to end: Int) {
    let (start, rest) = (rowsStart, text.count - end)
    offset += end - start
    for place in 0..<rest { text[start + place] = text[end + place] }
    for place in start + rest..<text.count { text[place] = 0 }
    text.removeLast(text.count - start - rest)
  }

  /// Overwrites the text.
  package mutating func cleanse() { text.cleanse() }

  /// The end of the last complete row; nil if there is none besides the header row.
  private mutating func lastRowEnd() -> Int? {
    if headerSize == nil { headerSize = format.rowEnd(in: text.span) }
    guard let start = headerSize else { return nil }
    let text = text.span
    var end = text.count
    var isOutside =
      format == .json || ByteScan.count("\"", text.extracting(start..<end)).isMultiple(of: 2)
    while end > start {
      let byte = text[end - 1]
      if byte == 0x0A, isOutside { return end }
      // JSON strings contain no line ends.
      if byte == UInt8(ascii: "\""), format == .csv { isOutside.toggle() }
      end -= 1
    }
    return nil
  }
}
