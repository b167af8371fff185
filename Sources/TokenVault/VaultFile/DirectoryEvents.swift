internal import Glibc

/// What the kernel tells of a directory: a run of events as inotify(7) lays them out.
struct DirectoryEvents {
  /// The events that tell of a file that took the name, was written under it, or left it.
  static let ofFiles = UInt32(
    IN_MOVED_TO | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_DELETE)
  /// The events after which the directory is no longer where it was.
  static let ofLoss = UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)

  /// Watch descriptor, mask, cookie, and the length of the name that follows: 4 bytes each.
  private static let headerSize = 16

  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// What they come to for a file of this name; nil where none concerns it.
  func outcome(forFile name: [UInt8]) -> DirectoryWatch.Outcome? {
    var (rest, isTouched) = (bytes, false)
    while let (mask, other) = Self.take(&rest) {
      if mask & Self.ofLoss != 0 { return .lost }
      // The kernel dropped events: any may have been ours.
      let isOverflow = mask & UInt32(IN_Q_OVERFLOW) != 0
      isTouched = isTouched || isOverflow || (mask & Self.ofFiles != 0 && other == name[...])
    }
    return isTouched ? .touched : nil
  }

  /// Takes the first event away; nil where there is no whole one.
  private static func take(
    _ rest: inout ArraySlice<UInt8>
  ) -> (mask: UInt32, name: ArraySlice<UInt8>)? {
    guard rest.count >= headerSize else { return nil }
    let mask = number(rest.dropFirst(4))
    let length = Int(number(rest.dropFirst(12)))
    let name = rest.dropFirst(headerSize).prefix(length)
    guard name.count == length else { return nil }
    rest = rest.dropFirst(headerSize + length)
    // Zeroes fill the name up.
    return (mask, name.prefix { $0 != 0 })
  }

  /// The number in the first four bytes, in this machine's order.
  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var number: UInt32 = 0
    for byte in bytes.prefix(4).reversed() { number = number << 8 | UInt32(byte) }
    return number.littleEndian
  }
}
