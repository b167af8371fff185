internal import CLinux

extension Span<UInt8> {
  /// Where these bytes stand next, from `start` on; in a time that grows with no more than the bytes looked at.
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

  /// Whether these bytes stand at a place.
  package func has(_ sought: Span<UInt8>, at place: Int) -> Bool {
    guard place >= 0, sought.count <= count - place else { return false }
    return ExactText.isEqual(extracting(place..<place + sought.count), sought)
  }
}
