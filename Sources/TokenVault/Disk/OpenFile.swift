/// An open file, which names its path in every error; it is closed with its last reference. ``Disk`` says what its calls
/// promise.
final class OpenFile: Sendable {
  let descriptor: Int32
  /// Its path, or that which it is to get.
  let path: String
  /// What the process had forked before it opened the file: a child forked later shares the open file description.
  let history = ForkHistory.now
  private let disk: any Disk

  /// Opens or makes a file; `named` is the path that errors of later calls name, if not `path`.
  init(
    _ disk: any Disk, _ path: String, _ purpose: OpenPurpose, named: String? = nil
  ) throws(FileError) {
    descriptor = try disk.open(path, purpose)
    (self.disk, self.path) = (disk, named ?? path)
  }

  deinit { disk.close(descriptor) }

  /// The one place where a call on a descriptor gets its path.
  private func located<Result>(
    _ call: @autoclosure () throws(FileError) -> Result
  ) throws(FileError) -> Result {
    do { return try call() } catch { throw error.at(path) }
  }

  func status() throws(FileError) -> FileStatus { try located(disk.status(of: descriptor)) }

  /// The status without the times.
  func identity() throws(FileError) -> FileStatus { try located(disk.identity(of: descriptor)) }

  /// Reads into `bytes` until they are full or the file ends.
  ///
  /// - Parameter offset: Where in the file `bytes` begins; nil reads on from the last read.
  /// - Returns: The number of bytes read.
  func read(into bytes: inout [UInt8], at offset: Int64? = nil) throws(FileError) -> Int {
    var count = 0
    while count < bytes.count {
      let more = unsafe try bytes.fill(from: count) { (memory) throws(FileError) in
        let place = offset.map { $0 + Int64(count) }
        return unsafe try located(disk.read(descriptor, at: place, into: memory))
      }
      if more == 0 { break }
      count += more
    }
    return count
  }

  func write(_ bytes: Span<UInt8>) throws(FileError) { try located(disk.write(descriptor, bytes)) }

  func write(_ bytes: Span<UInt8>, at offset: Int64) throws(FileError) {
    try located(disk.write(descriptor, at: offset, bytes))
  }

  func truncate(to size: Int64) throws(FileError) {
    try located(disk.truncate(descriptor, to: size))
  }

  func synchronize() throws(FileError) { try located(disk.synchronize(descriptor)) }

  func startWriting() { disk.startWriting(descriptor) }

  func synchronizeData() throws(FileError) { try located(disk.synchronizeData(descriptor)) }

  func link(to path: String) throws(FileError) { try located(disk.link(descriptor, to: path)) }

  func tryLock(_ byte: Int64) throws(FileError) -> Bool {
    try located(disk.tryLock(descriptor, byte: byte))
  }

  /// Unlocks a byte, unless the lock is a parent's.
  func unlock(_ byte: Int64) {
    if isOurs { disk.unlock(descriptor, byte: byte) }
  }

  /// Whether this process has opened it, and not a parent.
  var isOurs: Bool { history.process == ForkHistory.now.process }
}

extension Disk {
  /// Whether a path leads to the file with this status, which is held open.
  func leads(_ path: String, to file: FileStatus) throws(FileError) -> Bool {
    try status(of: path)?.isSameFile(as: file) ?? false
  }

  /// Whether anything is at a path; a symbolic link counts, wherever it leads.
  func isThere(_ path: String) throws(FileError) -> Bool { try status(of: path) != nil }
}

extension [UInt8] {
  /// Lends the memory from `offset` on, to be read into.
  mutating func fill(
    from offset: Int, _ body: (UnsafeMutableRawBufferPointer) throws(FileError) -> Int
  ) throws(FileError) -> Int {
    unsafe try withUnsafeMutableBufferPointer { (all) throws(FileError) in
      let rest = unsafe UnsafeMutableRawBufferPointer(all)[offset...]
      return unsafe try body(UnsafeMutableRawBufferPointer(rebasing: rest))
    }
  }
}
