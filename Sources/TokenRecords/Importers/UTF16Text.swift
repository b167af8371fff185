/// Text in UTF-16, as Windows programs write it.
enum UTF16Text {
  /// The order of the two bytes of a code unit.
  enum Order { case lowFirst, highFirst }

  /// The text behind the byte order mark in UTF-8; the caller cleanses it.
  ///
  /// - Throws: A fault for half a code unit or half a surrogate pair.
  static func transcoded(_ text: Span<UInt8>, _ order: Order) throws(RecordFault) -> [UInt8] {
    guard text.count.isMultiple(of: 2) else { throw RecordFault(.invalidUTF16, at: text.count) }
    // Three bytes at most for two.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2 * 3)
    var place = 2
    while place < text.count {
      var value = unit(text, place, order)
      place += 2
      if (0xD800..<0xDC00).contains(value), place < text.count {
        let low = unit(text, place, order)
        guard (0xDC00..<0xE000).contains(low) else { throw RecordFault(.invalidUTF16, at: place) }
        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        place += 2
      }
      guard let scalar = Unicode.Scalar(value) else { throw RecordFault(.invalidUTF16, at: place) }
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    return bytes
  }

  private static func unit(_ text: Span<UInt8>, _ place: Int, _ order: Order) -> UInt32 {
    let (first, second) = (UInt32(text[place]), UInt32(text[place + 1]))
    return order == .lowFirst ? second << 8 | first : first << 8 | second
  }
}

extension ByteOrderMark {
  /// The order that a byte order mark of UTF-16 at the start of `text` says; nil without one.
  static func ofUTF16(in text: Span<UInt8>) -> UTF16Text.Order? {
    guard text.count >= 2 else { return nil }
    switch (text[0], text[1]) {
    case (0xFF, 0xFE): return .lowFirst
    case (0xFE, 0xFF): return .highFirst
    default: return nil
    }
  }
}
