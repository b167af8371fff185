internal import Glibc

/// Events of directories, one after another, in the layout of inotify(7).
struct DirectoryEvents: Sequence, IteratorProtocol {
  /// The events of a file that gets a name, is written, or loses its name.
  static let ofFiles = UInt32(
    IN_MOVED_TO | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_DELETE)
  /// The events after which the directory is no longer at its path.
  static let ofLoss = UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)

  struct Event {
    /// The watch descriptor of the directory.
    let directory: Int32
    fileprivate let mask: UInt32
    fileprivate let name: ArraySlice<UInt8>

    /// What it means for the file of this name in a directory; nil if it does not concern that file.
    func outcome(forFile name: [UInt8], in directory: Int32) -> DirectoryWatch.Outcome? {
      // The kernel dropped events, among them perhaps ours.
      if mask & UInt32(IN_Q_OVERFLOW) != 0 { return .touched }
      if directory != self.directory { return nil }
      if mask & ofLoss != 0 { return .lost }
      return mask & ofFiles != 0 && self.name == name[...] ? .touched : nil
    }
  }

  /// Watch descriptor, mask, cookie, and the length of the name that follows: 4 bytes each.
  private static let headerSize = 16

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next event; nil if there is no whole one.
  mutating func next() -> Event? {
    guard rest.count >= Self.headerSize else { return nil }
    let length = Int(Self.number(rest.dropFirst(12)))
    let name = rest.dropFirst(Self.headerSize).prefix(length)
    guard name.count == length else { return nil }
    // Zeros pad the name.
    let event = Event(
      directory: Int32(bitPattern: Self.number(rest)), mask: Self.number(rest.dropFirst(4)),
      name: name.prefix { $0 != 0 })
    rest = rest.dropFirst(Self.headerSize + length)
    return event
  }

  /// The number in the first four bytes, in this machine's byte order.
  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var number: UInt32 = 0
    for byte in bytes.prefix(4).reversed() { number = number << 8 | UInt32(byte) }
    return number.littleEndian
  }
}
