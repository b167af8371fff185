internal import Synchronization

/// The right to refresh one record, held until this is let go, also by a process that dies. It keeps nobody from
/// reading or writing the vault.
package final class RecordLock: Sendable {
  /// A record of a vault.
  private struct Place: Hashable, Sendable {
    let path: String
    let byte: Int64
  }

  /// What this process holds: two stores of one process exclude each other also if the lock file was removed between
  /// their calls.
  private static let held = Mutex(ProcessOwned<Set<Place>> { [] })

  private let file: LockFile
  private let place: Place

  /// Registers the right in this process; nil if it is taken.
  private init?(_ file: LockFile, _ place: Place) {
    guard Self.held.withLock({ $0.value.insert(place).inserted }) else { return nil }
    (self.file, self.place) = (file, place)
  }

  /// Takes the lock, if nobody has it; `byte` is that of the record. Whoever waits tries again.
  package static func attempt(
    _ byte: Int64, _ location: VaultLocation, disk: any Disk
  ) throws(FileError) -> RecordLock? {
    let file = try LockFile(location, disk: disk)
    guard let lock = RecordLock(file, Place(path: location.path, byte: byte)),
      try file.tryLock(byte), try file.isCurrent()
    else { return nil }
    return lock
  }

  /// Whether the lock still keeps other processes out: the lock file may have been removed since.
  package func isCurrent() throws(FileError) -> Bool { try file.isCurrent() }

  deinit {
    // The parent of a forked child goes on to hold the lock.
    guard file.isOurs else { return }
    file.unlock(place.byte)
    Self.held.withLock { _ = $0.value.remove(place) }
  }
}
