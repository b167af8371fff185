/// Finds the rows of stored records in a text, and the keys in them. What else a record has is passed over: that takes a
/// third of the time of decoding, and no memory.
package struct StoredRowScanner {
  private var json = JSONRowScanner()
  private var csv: CSVRowScanner?

  /// A scanner of a text, which begins with the header row in CSV.
  ///
  /// - Throws: ``RecordError`` if the header row is not as a vault writes it.
  package init(_ format: RecordFormat, _ text: Span<UInt8>) throws(RecordError) {
    if format == .csv { csv = try RecordError.locating(in: text, CSVRowScanner(text)) }
  }

  /// The next row of the same text, which the caller cleanses; nil at the end.
  ///
  /// - Throws: ``RecordError`` if the text is not as a vault writes it, as far as that shows here.
  package mutating func next(_ text: Span<UInt8>) throws(RecordError) -> StoredRow? {
    try RecordError.locating(in: text, csv == nil ? json.next(text) : csv?.next(text))
  }
}
