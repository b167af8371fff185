/// The texts of a record's known fields in one allocation, which is overwritten when its last owner releases it.
///
/// Layout: a word with a bit for each present field, then a word for each field, absent or not, with the offset where
/// its text ends, then the texts in the fields' order. Equal fields are equal bytes. No fields take no memory.
struct PackedFields: Sendable {
  /// A value for each field, in their order.
  typealias PerField<Value> = InlineArray<14, Value>

  /// The size of an absent field.
  static let absent = -1

  private static let headSize = 60
  private var bytes: PackedBytes?

  init() {}

  /// Fields whose texts have these sizes, in all less than 4 GiB; `append` writes each present one.
  @inline(__always) init(
    sizes: PerField<Int>, append: (Int, inout OutputSpan<UInt8>) -> Void
  ) {
    var head = InlineArray<15, UInt32>(repeating: 0)
    var end = Self.headSize
    for index in sizes.indices {
      if sizes[index] != Self.absent {
        head[0] |= 1 << UInt32(index)
        end += sizes[index]
      }
      head[index + 1] = UInt32(end)
    }
    if head[0] == 0 { return }
    bytes = PackedBytes(capacity: end) { output in
      output.append(words: head.span)
      for index in sizes.indices where sizes[index] != Self.absent { append(index, &output) }
    }
  }

  var textSize: Int { withBytes { max(0, $0.count - Self.headSize) } }

  /// Lends the bytes to `body`; none without fields.
  @inline(__always) private func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    guard let bytes else { return body(Span()) }
    return bytes.withSpan(body)
  }

  private var sizes: PerField<Int> {
    var sizes = PerField<Int>(repeating: Self.absent)
    forEachText { index, text in sizes[index] = text.count }
    return sizes
  }

  @inline(__always) func forEachText(_ body: (Int, Span<UInt8>) -> Void) {
    withBytes { bytes in
      if bytes.isEmpty { return }
      var rest = Self.word(0, bytes)
      var start = Self.headSize
      while rest != 0 {
        let index = rest.trailingZeroBitCount
        let end = Int(Self.word(1 + index, bytes))
        body(index, bytes.extracting(start..<end))
        (rest, start) = (rest & (rest - 1), end)
      }
    }
  }

  @inline(__always) func withText<Result>(
    _ index: Int, _ body: (Span<UInt8>) -> Result
  ) -> Result? {
    withBytes { bytes in
      guard !bytes.isEmpty, Self.word(0, bytes) >> UInt32(index) & 1 == 1 else { return nil }
      let start = index == 0 ? Self.headSize : Int(Self.word(index, bytes))
      return body(bytes.extracting(start..<Int(Self.word(1 + index, bytes))))
    }
  }

  @inline(__always) private static func word(_ index: Int, _ bytes: Span<UInt8>) -> UInt32 {
    unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
  }
}

extension PackedFields: Equatable {
  static func == (left: PackedFields, right: PackedFields) -> Bool {
    left.withBytes { mine in right.withBytes { ExactText.isEqual(mine, $0) } }
  }

  func hasSameText(_ index: Int, as other: PackedFields) -> Bool {
    let isSame = withText(index) { mine in
      other.withText(index) { ExactText.isEqual(mine, $0) } ?? false
    }
    return isSame ?? (other.withText(index) { _ in true } == nil)
  }
}

extension PackedFields {
  mutating func set(_ index: Int, _ text: String?) {
    var sizes = sizes
    sizes[index] = text?.utf8.count ?? Self.absent
    let old = self
    self = PackedFields(sizes: sizes) { place, output in
      if place == index, let text { return output.append(text) }
      _ = old.withText(place) { output.append($0) }
    }
  }

  /// These fields merged with others, except the field `kept`: present ones overwrite, empty ones clear, unless an empty
  /// text is a value.
  func overlaid(with other: PackedFields, keeping kept: Int) -> PackedFields {
    var sizes = sizes
    var replaced: UInt32 = 0
    other.forEachText { index, text in
      if index == kept { return }
      let clears = text.isEmpty && TokenField(rawValue: index)?.mayBeEmpty != true
      sizes[index] = clears ? Self.absent : text.count
      replaced |= 1 << UInt32(index)
    }
    return PackedFields(sizes: sizes) { index, output in
      let source = replaced >> UInt32(index) & 1 == 1 ? other : self
      _ = source.withText(index) { output.append($0) }
    }
  }
}
