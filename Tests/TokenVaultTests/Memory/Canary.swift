/// A text that stands nowhere else, for a search of memory. It is computed, so that the search itself leaves none behind.
struct Canary: Sendable {
  let number: UInt8
  /// Bytes of the text. More than a register holds: the dynamic linker saves all registers on the stack when it binds a
  /// function at its first call, with what was copied by them last.
  var size = 72

  /// The slots' key, of a key's size.
  static let key = Canary(number: 9, size: 32)
  /// A token of the first record, of the last one, of one that is saved, and of the answer to a refresh.
  static let (first, last, saved, refreshed) = (
    Canary(number: 1), Canary(number: 2), Canary(number: 3), Canary(number: 4)
  )
  /// The value of a field that TokenVault does not know.
  static let unknown = Canary(number: 5)

  /// The text, for a process whose memory is not searched.
  var text: String { String(decoding: (0..<size).map(byte), as: UTF8.self) }

  func byte(_ index: Int) -> UInt8 {
    let place = UInt8(truncatingIfNeeded: index)
    return UInt8(ascii: "A") + (place &* 7 &+ number &* 5 &+ (place >> 3) &* number) % 26
  }
}
