internal import Glibc

/// Bytes in one piece of memory, which is overwritten when nothing has them any more.
@safe struct PackedBytes: @unchecked Sendable {
  // Sendable: nothing writes to the memory after `init`.
  private let storage: ManagedBuffer<Int, UInt8>

  /// The memory, with the number of bytes in front.
  private final class Storage: ManagedBuffer<Int, UInt8> {
    deinit {
      unsafe withUnsafeMutablePointers { count, start in
        unsafe explicit_bzero(start, count.pointee)
      }
    }
  }

  /// What `write` writes, at most so many bytes.
  @inline(__always) init(capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void) {
    storage = Storage.create(minimumCapacity: capacity) { _ in 0 }
    unsafe storage.withUnsafeMutablePointers { count, start in
      let memory = unsafe UnsafeMutableBufferPointer(start: start, count: capacity)
      var output = unsafe OutputSpan(buffer: memory, initializedCount: 0)
      write(&output)
      unsafe count.pointee = unsafe output.finalize(for: memory)
    }
  }

  /// Lends the bytes for the length of `body`.
  @inline(__always) func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    unsafe storage.withUnsafeMutablePointers { count, start in
      unsafe body(Span(_unsafeStart: start, count: count.pointee))
    }
  }
}
