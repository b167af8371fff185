internal import VaultCrypto

/// How many bytes more than the texts' own an encoder may still write: quotes and backslashes that its format wants.
struct EscapeBudget {
  private var left: Int
  /// Whether there was too little, so that texts were left out.
  private(set) var isExceeded = false

  /// Takes room for a text; where there is too little of it, the text must be left out.
  mutating func take(_ size: Int) -> Bool {
    left -= size
    isExceeded = isExceeded || left < 0
    return !isExceeded
  }

  /// What `write` writes, which is at most `plainSize` bytes and the escapes.
  ///
  /// The output is reserved whole, so that growing leaves no copies of secrets behind in freed memory. Escapes
  /// are rare: only where they do not fit into a little room are they counted, and all is written again.
  static func text(
    plainSize: Int, escapes: () -> Int, write: (inout EscapeBudget, inout OutputSpan<UInt8>) -> Void
  ) -> [UInt8] {
    if let text = text(plainSize, room: 64 + plainSize / 64, write) { return text }
    guard let text = text(plainSize, room: escapes(), write) else {
      // Never an empty text in the place of the records.
      preconditionFailure("the escapes were counted")
    }
    return text
  }

  private static func text(
    _ plainSize: Int, room: Int, _ write: (inout EscapeBudget, inout OutputSpan<UInt8>) -> Void
  ) -> [UInt8]? {
    var room = EscapeBudget(left: room)
    var text = [UInt8](capacity: plainSize + room.left) { write(&room, &$0) }
    if !room.isExceeded { return text }
    text.cleanse()
    return nil
  }
}
