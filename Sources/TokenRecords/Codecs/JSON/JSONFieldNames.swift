/// Finds a known name by its bytes. Starts behind the name found last, because records mostly keep one order.
struct JSONFieldNames {
  /// The names, in the order in which they are written: each field's at its raw value.
  static let names =
    TokenField.allCases.map { RecordName.field($0) } + [.revision]
    + HistoryField.allCases.map { .history($0) }
  /// The index of the revision's name; those of the history are behind it.
  static let revision = TokenField.allCases.count
  private static let packed = names.compactMap(\.text).map {
    let bytes = Array($0.utf8)
    return PackedName(bytes.span, 0..<bytes.count)
  }
  private let names = Self.packed
  private var next = 0

  /// The index of a name in ``names``: for a field, its raw value. Nil for another name.
  @inline(__always) mutating func index(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard range.count <= PackedName.limit else { return nil }
    let name = PackedName(text, range)
    if next < names.count, names[next] == name {
      next += 1
    } else if let found = names.firstIndex(of: name) {
      next = found + 1
    } else {
      return nil
    }
    return next - 1
  }
}

/// Up to 16 bytes in two words, so that names compare in registers.
private struct PackedName: Equatable {
  static let limit = 16
  private let low: UInt64
  private let high: UInt64
  private let count: Int

  @inline(__always) init(_ text: Span<UInt8>, _ range: Range<Int>) {
    count = range.count
    low = Self.word(text, range.lowerBound, min(range.count, 8))
    high = range.count > 8 ? Self.word(text, range.lowerBound + 8, range.count - 8) : 0
  }

  /// `count` bytes from `start`, 1 to 8, the rest zero.
  @inline(__always) private static func word(
    _ text: Span<UInt8>, _ start: Int, _ count: Int
  ) -> UInt64 {
    if count > 0, start + 8 <= text.count {
      let word = unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
      return UInt64(littleEndian: word) & (.max >> UInt64(64 - 8 * count))
    }
    var word: UInt64 = 0
    for place in 0..<count { word |= UInt64(text[start + place]) << UInt64(8 * place) }
    return word
  }
}
