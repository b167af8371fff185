internal import VaultCrypto

extension PackedFields {
  /// Packs fields in any order. Most are parts of the text that a codec reads, and are copied once, at the end.
  struct Builder {
    private var sizes = PerField<Int>(repeating: PackedFields.absent)
    /// The offset of each text: in the text that the codec reads, or in `others`.
    private var starts = PerField<Int>(repeating: 0)
    /// The texts that differ from what the codec reads, such as those with escapes, and a bit for each of their fields.
    private var others: [UInt8] = []
    private var isOther: UInt32 = 0

    /// Sets a field to a part of the text that the codec reads; it must be UTF-8.
    @inline(__always) mutating func set(_ field: TokenField, at range: Range<Int>) {
      sizes[field.rawValue] = range.count
      starts[field.rawValue] = range.lowerBound
      isOther &= ~(1 << UInt32(field.rawValue))
    }

    /// Sets a field to another text; it must be UTF-8.
    mutating func set(_ field: TokenField, _ text: Span<UInt8>) {
      set(field, at: others.count..<others.count + text.count)
      isOther |= 1 << UInt32(field.rawValue)
      others.makeRoom(for: text.count)
      others.append(contentsOf: text)
    }

    /// Whether a field is set, empty or not.
    func has(_ field: TokenField) -> Bool { sizes[field.rawValue] != PackedFields.absent }

    /// Whether a field is set to a text that is not empty.
    func hasText(_ field: TokenField) -> Bool { sizes[field.rawValue] > 0 }

    /// Packs the fields, most of them out of `text`, and cleanses the other texts.
    @inline(__always) mutating func pack(from text: Span<UInt8>) -> PackedFields {
      let fields = PackedFields(sizes: sizes) { index, output in
        lend(index, text) { output.append($0) }
      }
      cleanse()
      return fields
    }

    /// Lends the text of a field without packing it; nil if the field is absent.
    @inline(__always) func withText<Result>(
      _ field: TokenField, in text: Span<UInt8>, _ body: (Span<UInt8>) -> Result
    ) -> Result? {
      sizes[field.rawValue] == PackedFields.absent ? nil : lend(field.rawValue, text, body)
    }

    @inline(__always) private func lend<Result>(
      _ index: Int, _ text: Span<UInt8>, _ body: (Span<UInt8>) -> Result
    ) -> Result {
      let range = starts[index]..<starts[index] + sizes[index]
      if isOther >> UInt32(index) & 1 == 0 { return body(text.extracting(range)) }
      return body(others.span.extracting(range))
    }

    /// Cleanses the texts that are not parts of the text that the codec reads.
    mutating func cleanse() { if !others.isEmpty { others.cleanse() } }
  }
}
