/// The open file of one store's record.
///
/// Several stores, threads and processes write it: each holds the lock of the open file description on byte 0 while it
/// compares and writes, so that an older writer never lowers the number. The lock is held for some microseconds.
struct SeenFile: Sendable {
  /// What an update has come to.
  enum Outcome {
    case done
    /// The file is no longer at its path, or cannot be written.
    case failed
  }

  let store: StoreID
  let file: OpenFile
  let isWritable: Bool
  let disk: any Disk

  private static let lockByte: Int64 = 0
  /// A holder that was stopped must not stop the others.
  private static let lockAttempts = 200

  /// Whether the file still has a name.
  var isAtItsPath: Bool { ((try? disk.status(of: file.descriptor))?.links ?? 0) > 0 }

  /// What it says; nil if it says nothing.
  func read() throws(FileError) -> SeenGeneration? {
    var bytes = [UInt8](repeating: 0, count: SeenRecord.size)
    let count = try FileError.disk(at: file.path) { () throws(DiskError) in
      unsafe try bytes.fill(from: 0) { (memory) throws(DiskError) in
        unsafe try disk.read(file.descriptor, at: 0, into: memory)
      }
    }
    return count == bytes.count ? SeenRecord.decode(bytes, of: store) : nil
  }

  /// Writes what `decide` returns for what is there; nil leaves it.
  func update(_ decide: (SeenGeneration?) -> SeenGeneration?) -> Outcome {
    guard isWritable, lock() else { return .failed }
    defer { disk.unlock(file.descriptor, byte: Self.lockByte) }
    do {
      guard isAtItsPath else { return .failed }
      guard let new = decide(try read()) else { return .done }
      try disk.write(file.descriptor, at: 0, SeenRecord.encode(new, of: store).span)
      return .done
    } catch {
      return .failed
    }
  }

  private func lock() -> Bool {
    for _ in 0..<Self.lockAttempts {
      guard let isLocked = try? disk.tryLock(file.descriptor, byte: Self.lockByte) else {
        return false
      }
      if isLocked { return true }
      disk.pause(microseconds: 50)
    }
    return false
  }
}
