internal import CLinux

extension Span<UInt8> {
  /// The offset of the next occurrence of `sought` from `start` on, in linear time (memmem).
  package func place(of sought: Span<UInt8>, from start: Int) -> Int? {
    guard start >= 0, start <= count else { return nil }
    return unsafe withUnsafeBytes { memory in
      unsafe sought.withUnsafeBytes { sought in
        guard let base = memory.baseAddress, let bytes = sought.baseAddress,
          let found = unsafe linux_memmem(base + start, count - start, bytes, sought.count)
        else { return nil }
        return unsafe found - base
      }
    }
  }

  /// Whether `sought` is at this offset.
  package func has(_ sought: Span<UInt8>, at place: Int) -> Bool {
    guard place >= 0, sought.count <= count - place else { return false }
    return ExactText.isEqual(extracting(place..<place + sought.count), sought)
  }
}
