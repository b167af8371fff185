internal import TokenVault
internal import VaultCrypto

/// The body of an answer as it arrives, up to a limit. It is secret, so every copy is cleansed.
final class AnswerBuffer {
  private(set) var bytes: [UInt8] = []
  /// Whether the answer is longer than the limit.
  private(set) var isTooLong = false

  init() { bytes.reserveCapacity(16_384) }

  /// Appends bytes; false if they exceed the limit.
  func append(_ more: UnsafeRawBufferPointer) -> Bool {
    guard more.count <= RefreshAnswer.sizeLimit - bytes.count else {
      isTooLong = true
      return false
    }
    bytes.makeRoom(for: more.count)
    unsafe bytes.append(contentsOf: more)
    return true
  }

  deinit { bytes.cleanse() }
}
