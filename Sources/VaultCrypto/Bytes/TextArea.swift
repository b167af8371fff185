internal import CLinux
internal import Glibc

/// The bytes of a text in pages of their own (mmap(2)): it grows without a second copy, and what was read of it can be
/// released while the rest is read.
///
/// Core dumps leave the bytes out, and all are overwritten before the kernel gets the pages back.
@safe package struct TextArea: ~Copyable {
  private var start: UnsafeMutableRawPointer
  /// Bytes of the pages.
  private var capacity: Int
  /// The number of bytes, those that were released included.
  package private(set) var count = 0
  /// So many bytes at the start were released, and are zeros.
  private var released = 0

  private static let pageSize = sysconf(Int32(_SC_PAGESIZE))

  private static func pages(for bytes: Int) -> Int {
    (bytes + pageSize - 1) / pageSize * pageSize
  }

  /// An empty text with room for so many bytes; nil if there is no memory.
  package init?(capacity: Int) {
    let size = Self.pages(for: max(capacity, 1))
    let memory = unsafe mmap(
      nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return nil }
    unsafe (start, self.capacity) = (memory, size)
    unsafe madvise(start, size, MADV_DONTDUMP)
  }

  deinit {
    unsafe explicit_bzero(start + released, count - released)
    unsafe munmap(start, capacity)
  }

  /// Lends the bytes to `body`.
  package func withText<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
    return try body(unsafe Span(_unsafeBytes: bytes))
  }

  /// Appends what `read` puts into free memory, of which there is at least one byte and at most `limit`.
  ///
  /// - Returns: The number of bytes, as `read` returns it; nil if there is no memory.
  package mutating func append<Failure: Error>(
    atMost limit: Int, _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) -> Int? {
    guard count < capacity || grow() else { return nil }
    let free = unsafe UnsafeMutableRawBufferPointer(
      start: start + count, count: min(capacity - count, limit))
    let more = unsafe try read(free)
    count += max(0, min(more, free.count))
    return more
  }

  /// Doubles the room; the kernel moves pages, and copies no bytes.
  private mutating func grow() -> Bool {
    let larger = 2 * capacity
    guard let memory = unsafe linux_mremap(start, capacity, larger),
      unsafe memory != MAP_FAILED
    else { return false }
    unsafe (start, capacity) = (memory, larger)
    return true
  }

  /// Overwrites the bytes before an offset, and returns their pages to the kernel.
  package mutating func spend(to offset: Int) {
    guard released < offset, offset <= count else { return }
    unsafe explicit_bzero(start + released, offset - released)
    let (first, end) = (released / Self.pageSize, offset / Self.pageSize)
    if first < end {
      unsafe madvise(
        start + first * Self.pageSize, (end - first) * Self.pageSize, MADV_DONTNEED)
    }
    released = offset
  }
}
