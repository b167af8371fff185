internal import VaultCrypto

/// How many bytes an encoder may still write for quotes and backslashes, besides the texts themselves.
struct EscapeBudget {
  private var left: Int
  /// Whether the budget was too small, so that the encoder left texts out.
  private(set) var isExceeded = false

  /// Reserves `size` bytes; the encoder leaves the text out if this returns false.
  mutating func spend(_ size: Int) -> Bool {
    left -= size
    isExceeded = isExceeded || left < 0
    return !isExceeded
  }

  /// The output of `write`: at most `plainSize` bytes and the escapes.
  ///
  /// Reserves the whole output first, because an array that grows leaves copies of secrets in freed memory. Escapes
  /// are rare, so the first attempt has a small budget; only if that fails are they counted, and all is written again.
  static func text(
    plainSize: Int, escapes: () -> Int, write: (inout EscapeBudget, inout OutputSpan<UInt8>) -> Void
  ) -> [UInt8] {
    if let text = text(plainSize, budget: 64 + plainSize / 64, write) { return text }
    guard let text = text(plainSize, budget: escapes(), write) else {
      // An empty text in the place of the records would lose them.
      preconditionFailure("the escapes were counted")
    }
    return text
  }

  private static func text(
    _ plainSize: Int, budget: Int, _ write: (inout EscapeBudget, inout OutputSpan<UInt8>) -> Void
  ) -> [UInt8]? {
    var budget = EscapeBudget(left: budget)
    var text = [UInt8](capacity: plainSize + budget.left) { write(&budget, &$0) }
    if !budget.isExceeded { return text }
    text.cleanse()
    return nil
  }
}
