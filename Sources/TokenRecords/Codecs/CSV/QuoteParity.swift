/// Whether there are an even number of quotes before a place of CSV that moves on: then none is open.
struct QuoteParity {
  private var place: Int
  private var isEven = true

  /// Begins where no quote is open.
  init(at place: Int) { self.place = place }

  mutating func isEven(_ text: Span<UInt8>, at next: Int) -> Bool {
    let passed = ByteScan.count("\"", text.extracting(place..<next))
    (place, isEven) = (next, isEven == passed.isMultiple(of: 2))
    return isEven
  }
}
