internal import TokenVault
internal import VaultCrypto

/// The body of an answer while it comes in, up to a limit; secret, and so cleansed with every copy of it.
final class AnswerBuffer {
  private(set) var bytes: [UInt8] = []
  /// Whether the answer had more bytes than it may.
  private(set) var isTooLong = false

  init() { bytes.reserveCapacity(16_384) }

  /// Takes over more bytes; false where there is no room for them.
  func append(_ more: UnsafeRawBufferPointer) -> Bool {
    guard more.count <= RefreshAnswer.sizeLimit - bytes.count else {
      isTooLong = true
      return false
    }
    makeRoom(for: bytes.count + more.count)
    unsafe bytes.append(contentsOf: more)
    return true
  }

  /// An array that grows by itself leaves its old memory behind as it is.
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
