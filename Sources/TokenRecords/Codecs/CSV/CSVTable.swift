struct CSVValue {
  /// Its index in the row, from 0.
  let index: Int
  /// Its offset in the text, the quote included.
  let offset: Int
  /// Where its bytes are in the text; nil if it had doubled quotes.
  let range: Range<Int>?
}

/// Reads rows of comma-separated text, each with as many values as the header has.
struct CSVTable {
  private var scanner: CSVScanner
  private var rows = 0

  /// Begins after the byte order mark, if there is one. Only a stored text has no empty lines.
  init(
    _ text: Span<UInt8>, allowsStrayQuotes: Bool = false, isStored: Bool = false,
    separator: Unicode.Scalar = ","
  ) {
    scanner = CSVScanner(
      at: isStored ? 0 : ByteOrderMark.size(in: text), allowsStrayQuotes: allowsStrayQuotes,
      isStored: isStored, separator: separator)
  }

  var offset: Int { scanner.offset }

  /// Whether blanks before a value are no part of it.
  var skipsBlanks: Bool {
    get { scanner.skipsBlanks }
    set { scanner.skipsBlanks = newValue }
  }

  /// Reads the header row, which must exist; calls `named` with each name and its offset.
  mutating func header(
    _ text: Span<UInt8>, named: (String, Int) throws(RecordFault) -> Void
  ) throws(RecordFault) {
    guard
      try row(
        text,
        value: { (value, bytes) throws(RecordFault) in
          try named(try String(utf8: bytes, 0..<bytes.count), value.offset)
        }) > 0
    else { throw RecordFault(.missingHeader, at: 0) }
  }

  /// Reads the next row, which must have `count` values; returns false at the end.
  ///
  /// Calls `value` with each value and its UTF-8 bytes, also if the row then proves too short.
  mutating func row(
    _ text: Span<UInt8>, of count: Int,
    value: (CSVValue, Span<UInt8>) throws(RecordFault) -> Void
  ) throws(RecordFault) -> Bool {
    let start = scanner.offset
    rows += 1
    guard rows <= RecordFormat.recordCountLimit + 1 else {
      throw RecordFault(.tooManyRecords, at: start)
    }
    let isStored = scanner.isStored
    var isLong = false
    let found = try row(text) { (found, bytes) throws(RecordFault) in
      if found.index < count {
        try value(found, bytes)
      } else if !bytes.isEmpty || isStored {
        isLong = true
      }
    }
    // Spreadsheets put empty columns behind the others.
    guard found == 0 || found >= count && !isLong else {
      throw RecordFault(.valueCount(found: found, expected: count), at: start)
    }
    return found > 0
  }

  /// Reads the next row and returns the number of its values; 0 at the end.
  private mutating func row(
    _ text: Span<UInt8>, value: (CSVValue, Span<UInt8>) throws(RecordFault) -> Void
  ) throws(RecordFault) -> Int {
    if !scanner.isStored { while scanner.consumeLineEnd(text) {} }
    guard !scanner.isAtEnd(text) else { return 0 }
    let start = scanner.offset
    var count = 0
    while true {
      let offset = scanner.offset
      let (range, end) = try scanner.value(text)
      let found = CSVValue(index: count, offset: offset, range: range)
      if let range {
        try value(found, text.extracting(range))
      } else {
        defer { scanner.forgetUnescaped() }
        try value(found, scanner.unescaped.span)
      }
      count += 1
      if scanner.offset - start > RecordFormat.recordSizeLimit {
        throw RecordFault(.recordTooLong, at: start)
      }
      if end == .row { return count }
    }
  }
}
