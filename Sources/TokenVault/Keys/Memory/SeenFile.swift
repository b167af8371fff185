/// The open file of one store's highest generation (``SeenRecord``).
///
/// Several threads and processes write it: each holds the lock of its open file description on byte 0 while it compares
/// and writes, for some microseconds, so that an older writer never lowers the number.
struct SeenFile: Sendable {
  let store: StoreID
  let file: OpenFile
  let isWritable: Bool
  let disk: any Disk
  /// What its record begins with.
  private let start: [UInt8]

  init(store: StoreID, file: OpenFile, isWritable: Bool, disk: any Disk) {
    (self.store, self.file, self.isWritable, self.disk) = (store, file, isWritable, disk)
    start = SeenRecord.start(of: store)
  }

  private static let lockByte: Int64 = 0
  /// Bounded, so that a stopped holder does not stop the others.
  private static let lockAttempts = 200
  /// How often other threads may run first: a sleep takes longer than the lock is held.
  private static let yields = 20

  /// Whether the file still has a name. Without its times: after a status with them, the next write changes the inode.
  var isAtItsPath: Bool { ((try? file.identity())?.links ?? 0) > 0 }

  /// The generation; nil if the file has none.
  func read() throws(FileError) -> SeenGeneration? {
    var bytes = [UInt8](repeating: 0, count: SeenRecord.size)
    let count = try file.read(into: &bytes, at: 0)
    return count == bytes.count ? SeenRecord.decode(bytes, after: start) : nil
  }

  /// Writes what `decide` returns for the present generation, unless that is nil.
  ///
  /// - Returns: False if the file is no longer at its path, cannot be written, or another process holds its lock for too
  ///   long.
  func update(_ decide: (SeenGeneration?) -> SeenGeneration?) -> Bool {
    guard isWritable, lock() else { return false }
    defer { file.unlock(Self.lockByte) }
    do {
      guard isAtItsPath else { return false }
      if let new = decide(try read()) {
        try file.write(SeenRecord.encode(new, after: start).span, at: 0)
      }
      return true
    } catch {
      return false
    }
  }

  /// Removes the file if no process has written a whole record to it, as after a write that the disk had no room for.
  func removeIfEmpty() {
    guard lock() else { return }
    defer { file.unlock(Self.lockByte) }
    guard let status = try? file.status(), status.size < SeenRecord.size,
      (try? disk.leads(file.path, to: status)) == true
    else { return }
    try? disk.remove(file.path)
  }

  private func lock() -> Bool {
    for attempt in 0..<Self.lockAttempts {
      guard let isLocked = try? file.tryLock(Self.lockByte) else {
        return false
      }
      if isLocked { return true }
      disk.pause(microseconds: attempt < Self.yields ? 0 : 50)
    }
    return false
  }
}
