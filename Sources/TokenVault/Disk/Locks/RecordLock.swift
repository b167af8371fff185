internal import Synchronization

/// The mutual exclusion of those who refresh one record, held until this is released or the process dies. It excludes
/// no reader or writer of the vault.
final class RecordLock: Sendable {
  /// A record of a vault.
  private struct Place: Hashable, Sendable {
    let path: String
    let byte: Int64
  }

  /// The locks of this process, so that two of its vaults exclude each other even if the lock file was removed
  /// between their calls.
  private static let held = Mutex(ProcessOwned<Set<Place>> { [] })

  private let file: LockFile
  private let place: Place

  /// Takes the lock on the record that `byte` stands for; nil if it is taken.
  init?(_ byte: Int64, _ location: VaultLocation, disk: any Disk) throws(FileError) {
    let file = try LockFile(location, disk: disk)
    let place = Place(path: location.path, byte: byte)
    guard Self.held.withLock({ $0.value.insert(place).inserted }) else { return nil }
    // From here on, a failure runs `deinit`.
    (self.file, self.place) = (file, place)
    guard try file.tryLock(byte), try file.isCurrent() else { return nil }
  }

  /// Whether the lock still excludes other processes: the lock file may have been removed since.
  func isCurrent() throws(FileError) -> Bool { try file.isCurrent() }

  deinit {
    // In a forked child: the parent keeps the lock.
    guard file.isOurs else { return }
    file.unlock(place.byte)
    Self.held.withLock { _ = $0.value.remove(place) }
  }
}
