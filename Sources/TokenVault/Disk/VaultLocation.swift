internal import Glibc

/// The paths of a vault and of the files beside it; symbolic links are resolved once.
struct VaultLocation: Sendable, Equatable {
  /// The vault itself: never a symbolic link.
  let path: String
  /// The absolute path before any link was followed.
  let named: String

  /// A path whose last name is no link.
  init(plain path: String) { (self.path, named) = (path, path) }

  /// Follows the links at `path`, so that a rename replaces their target. The last name need not exist.
  init(resolving path: String, disk: any Disk) throws(FileError) {
    var path = try PrivateFile(disk: disk).absolute(path)
    named = path
    for _ in 0..<40 {
      guard try disk.status(of: path)?.kind == .symbolicLink else {
        self.path = path
        return
      }
      let target = try disk.target(ofLink: path)
      path =
        target.utf8.first == UInt8(ascii: "/")
        ? target : PrivateFile.directory(of: path) + "/" + target
    }
    throw .system(SystemCallError("readlink", path, errno: ELOOP))
  }

  /// Whether both are one name in one directory, whatever path leads there. Two names of one file are not: the next
  /// rename separates them.
  func isSamePlace(as other: VaultLocation, disk: any Disk) -> Bool {
    guard fileName == other.fileName else { return false }
    if path == other.path { return true }
    guard let mine = try? disk.status(of: directory + "/."),
      let theirs = try? disk.status(of: other.directory + "/.")
    else { return false }
    return mine.isSameFile(as: theirs)
  }

  /// The vault's name in its directory, in bytes.
  var fileName: [UInt8] { Array(path.utf8.split(separator: UInt8(ascii: "/")).last ?? [][...]) }

  var directory: String { PrivateFile.directory(of: path) }
  /// The lock file, which is never removed.
  var lock: String { path + ".lock" }
  var previous: String { path + ".previous" }
  /// A damaged vault that was replaced: the first of `damagedPlaces`.
  var damaged: String { path + ".damaged" }
  /// Where damaged vaults are set aside. None replaces another, since each may have records that no other has.
  var damagedPlaces: [String] { [damaged] + (2...9).map { "\(damaged).\($0)" } }
  /// Every path that the vault uses, or has used.
  var places: [VaultLocation] {
    ([path, lock, previous, new, compacted] + damagedPlaces).map(VaultLocation.init(plain:))
  }
  /// The new version, until it gets the vault's name.
  var new: String { path + ".new" }
  /// The new version of a compaction that runs beside the writers, until it gets the vault's name.
  var compacted: String { path + ".compact" }
}
