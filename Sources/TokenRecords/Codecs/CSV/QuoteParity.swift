/// Whether the number of quotes before an advancing offset of CSV is even, so that no quoted value is open there.
struct QuoteParity {
  private var place: Int
  private var isEven = true

  /// Starts at an offset with no quoted value open.
  init(at place: Int) { self.place = place }

  mutating func isEven(_ text: Span<UInt8>, at next: Int) -> Bool {
    let passed = ByteScan.count("\"", text.extracting(place..<next))
    (place, isEven) = (next, isEven == passed.isMultiple(of: 2))
    return isEven
  }
}
