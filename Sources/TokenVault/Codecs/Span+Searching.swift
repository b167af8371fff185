internal import CLinux

extension Span<UInt8> {
  /// Where these bytes stand next, from `start` on; in a time that grows with no more than the bytes looked at.
  func place(of sought: Span<UInt8>, from start: Int) -> Int? {
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
  func has(_ sought: Span<UInt8>, at place: Int) -> Bool {
    guard place >= 0, sought.count <= count - place else { return false }
    return ExactText.isEqual(extracting(place..<place + sought.count), sought)
  }

  /// How often a byte stands here. In blocks whose count fits into a byte, so that the compiler takes many bytes at
  /// once.
  func count(of byte: UInt8) -> Int {
    var total = 0
    for start in stride(from: 0, to: count, by: 255) {
      let block = extracting(start..<Swift.min(start + 255, count))
      var found: UInt8 = 0
      for index in block.indices { found &+= block[index] == byte ? 1 : 0 }
      total += Int(found)
    }
    return total
  }
}
