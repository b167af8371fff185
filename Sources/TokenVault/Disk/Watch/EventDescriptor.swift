internal import Glibc

/// A descriptor that the kernel tells something through; closed with its last reference.
final class EventDescriptor: Sendable {
  let number: Int32

  /// What a call has made; a negative number is its error.
  init(_ call: String, _ number: Int32) throws(DiskError) {
    guard number >= 0 else { throw DiskError(call: call, path: nil, errno: errno) }
    self.number = number
  }

  /// Makes an eventfd(2) readable.
  func ring() {
    var one: UInt64 = 1
    _ = unsafe write(number, &one, MemoryLayout.size(ofValue: one))
  }

  /// Makes an eventfd(2) that is readable so no more.
  func drain() {
    var count: UInt64 = 0
    _ = unsafe read(number, &count, MemoryLayout.size(ofValue: count))
  }

  deinit { _ = close(number) }
}
