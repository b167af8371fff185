internal import Glibc

/// Bytes that must not outlive their use: cleansed before their memory is freed, and printed as their count alone.
///
/// A key, and any other secret of at most 128 bytes, is in locked memory (see ``LockedRegion``).
@safe package final class SecretBytes: @unchecked Sendable {
  // Sendable: only `init` and the one owner of a `SecretBuffer` write the memory, before the object is shared.
  let memory: UnsafeMutableRawBufferPointer
  /// The region that the memory is a slot of; nil for heap memory.
  private let region: LockedRegion?

  /// The number of bytes.
  package var count: Int { unsafe memory.count }

  /// Makes `count` zero bytes and lets `body` fill them.
  ///
  /// - Throws: `CryptoError.outOfMemory`, and what `body` throws; the bytes are cleansed then, too.
  package init(
    count: Int, filling body: (UnsafeMutableRawBufferPointer) throws(CryptoError) -> Void
  ) throws(CryptoError) {
    if count <= LockedRegion.slotSize, let taken = unsafe LockedRegion.take() {
      unsafe (region, memory) = (
        taken.region, UnsafeMutableRawBufferPointer(start: taken.slot, count: count)
      )
    } else {
      guard let start = unsafe calloc(max(count, 1), 1) else { throw .outOfMemory(bytes: count) }
      unsafe (region, memory) = (nil, UnsafeMutableRawBufferPointer(start: start, count: count))
      unsafe Self.preferLargePages(memory)
    }
    unsafe try body(memory)
  }

  /// Asks for huge pages: page faults at 4 KiB each would take longer than decryption. The kernel may refuse.
  private static func preferLargePages(_ memory: UnsafeMutableRawBufferPointer) {
    let page = 1 << 21
    guard memory.count >= 4 * page, let start = memory.baseAddress else { return }
    let first = unsafe start.alignedUp(toMultipleOf: page)
    let count = unsafe memory.count - (first - start)
    unsafe madvise(first, count - count % page, MADV_HUGEPAGE)
  }

  /// Copies bytes, which the caller cleanses.
  package convenience init(copying bytes: Span<UInt8>) throws(CryptoError) {
    unsafe try self.init(count: bytes.count) { memory in
      for index in bytes.indices { unsafe memory[index] = bytes[index] }
    }
  }

  /// New random key material (see ``RandomBytes``).
  package static func random(count: Int) throws(CryptoError) -> SecretBytes {
    unsafe try SecretBytes(count: count) { memory throws(CryptoError) in
      unsafe try RandomBytes.fill(memory, for: .secret)
    }
  }

  /// Lends the bytes for the length of `body`.
  package func withSpan<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe try body(Span(_unsafeElements: memory.bindMemory(to: UInt8.self)))
  }

  deinit {
    guard let start = unsafe memory.baseAddress else { return }
    unsafe explicit_bzero(start, memory.count)
    if let region { unsafe region.giveBack(start) } else { unsafe free(start) }
  }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The number of bytes and no more.
  package var description: String { "<redacted: \(count) bytes>" }
  /// The same as `description`.
  package var debugDescription: String { description }
  /// Shows nothing.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension [UInt8] {
  /// Overwrites the array's own storage with zeros in a way that the optimizer keeps. No copy may share the storage.
  package mutating func cleanse() {
    unsafe withUnsafeMutableBytes { memory in
      if let start = memory.baseAddress { unsafe explicit_bzero(start, memory.count) }
    }
  }

  /// Makes room for more bytes, and cleanses the memory that the array outgrows, which an array that grows by itself
  /// does not do.
  package mutating func makeRoom(for more: Int) {
    guard more > capacity - count else { return }
    var larger: [UInt8] = []
    larger.reserveCapacity(Swift.max(2 * capacity, count + more))
    larger += self
    cleanse()
    self = larger
  }
}
