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
    makeRoom(for: bytes.count + more.count)
    unsafe bytes.append(contentsOf: more)
    return true
  }

  /// Grows by hand: an array that grows by itself does not cleanse its old memory.
  private func makeRoom(for count: Int) {
    guard count > bytes.capacity else { return }
    var larger: [UInt8] = []
    larger.reserveCapacity(max(2 * bytes.capacity, count))
    larger += bytes
    bytes.cleanse()
    bytes = larger
  }

  deinit { bytes.cleanse() }
}
