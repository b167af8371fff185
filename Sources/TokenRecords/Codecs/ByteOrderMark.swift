/// The UTF-8 signature that some editors put before a text.
enum ByteOrderMark {
  /// The number of its bytes at the start of `text`: 3 or 0.
  static func size(in text: Span<UInt8>) -> Int {
    text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF ? 3 : 0
  }
}
