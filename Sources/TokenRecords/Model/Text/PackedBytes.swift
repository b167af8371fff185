internal import Glibc

/// Bytes in one allocation, which is overwritten when its last owner releases it.
@safe struct PackedBytes: @unchecked Sendable {
  // Sendable: nothing writes to the memory after `init`.
  private let storage: ManagedBuffer<Int, UInt8>

  /// The allocation: the number of bytes, then the bytes.
  private final class Storage: ManagedBuffer<Int, UInt8> {
    deinit {
      unsafe withUnsafeMutablePointers { count, start in
        unsafe explicit_bzero(start, count.pointee)
      }
    }
  }

  /// The output of `write`, at most `capacity` bytes.
  @inline(__always) init(capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void) {
    storage = Storage.create(minimumCapacity: capacity) { _ in 0 }
    unsafe storage.withUnsafeMutablePointers { count, start in
      let memory = unsafe UnsafeMutableBufferPointer(start: start, count: capacity)
      var output = unsafe OutputSpan(buffer: memory, initializedCount: 0)
      write(&output)
      unsafe count.pointee = unsafe output.finalize(for: memory)
    }
  }

  @inline(__always) func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    unsafe storage.withUnsafeMutablePointers { count, start in
      unsafe body(Span(_unsafeStart: start, count: count.pointee))
    }
  }
}
