internal import Glibc

/// A descriptor that reports events; closed with its last reference.
final class EventDescriptor: Sendable {
  let number: Int32

  /// The descriptor that a call has returned; a negative one is its error.
  init(_ call: String, _ number: Int32) throws(FileError) {
    guard number >= 0 else { throw .system(SystemCallError(call)) }
    self.number = number
  }

  /// Makes an eventfd(2) readable.
  func ring() {
    var one: UInt64 = 1
    _ = unsafe write(number, &one, MemoryLayout.size(ofValue: one))
  }

  /// Makes an eventfd(2) unreadable.
  func drain() {
    var count: UInt64 = 0
    _ = unsafe read(number, &count, MemoryLayout.size(ofValue: count))
  }

  deinit { _ = close(number) }
}
