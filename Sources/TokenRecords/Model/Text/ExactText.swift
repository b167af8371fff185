/// Text compared and hashed by its UTF-8 bytes.
///
/// To `String`, `é` and `e` + accent are equal (Unicode canonical equivalence); servers tell such names and tokens apart.
package struct ExactText: Hashable, Comparable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (left: ExactText, right: ExactText) -> Bool {
    isEqual(left.text.utf8.span, right.text.utf8.span)
  }

  /// Whether both are the same bytes; compares eight at a time.
  static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    var place = 0
    while place + 8 <= left.count {
      let (mine, others) = unsafe (
        left.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: place, as: UInt64.self),
        right.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: place, as: UInt64.self)
      )
      guard mine == others else { return false }
      place += 8
    }
    while place < left.count {
      guard left[place] == right[place] else { return false }
      place += 1
    }
    return true
  }

  package static func < (left: ExactText, right: ExactText) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    Self.hash(text.utf8.span, into: &hasher)
  }

  static func hash(_ bytes: Span<UInt8>, into hasher: inout Hasher) {
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }
}
