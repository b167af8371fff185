internal import Glibc

/// Where a vault and the files beside it are, symbolic links resolved once.
package struct VaultLocation: Sendable, Equatable {
  /// The vault itself: never a symbolic link.
  package let path: String
  /// The absolute path before any link was followed.
  package let named: String

  /// A path that has no link in its last place.
  init(plain path: String) { (self.path, named) = (path, path) }

  /// Follows the links at `path`, so that a rename happens where they point. The last name need not exist.
  package init(resolving path: String, disk: any Disk) throws(FileError) {
    var path = path
    path = try PrivateFile(disk: disk).absolute(path)
    named = path
    for _ in 0..<40 {
      do throws(DiskError) {
        guard try disk.status(of: path)?.kind == .symbolicLink else {
          self.path = path
          return
        }
        let target = try disk.target(ofLink: path)
        path =
          target.utf8.first == UInt8(ascii: "/")
          ? target : PrivateFile.directory(of: path) + "/" + target
      } catch {
        throw .disk(error)
      }
    }
    throw .disk(DiskError(call: "readlink", path: path, errno: ELOOP))
  }

  /// Whether both are one name in one directory, by whatever way they lead there. Not whether they are one
  /// file: a second name for a file goes its own way with the next rename.
  package func isSamePlace(as other: VaultLocation, disk: any Disk) -> Bool {
    guard name == other.name else { return false }
    if path == other.path { return true }
    guard let mine = try? disk.status(of: directory + "/."),
      let theirs = try? disk.status(of: other.directory + "/.")
    else { return false }
    return mine.isSameFile(as: theirs)
  }

  private var name: [UInt8] {
    Array(path.utf8.suffix(from: path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex))
  }

  /// The vault's name in its directory, as the bytes that the system knows.
  var fileName: [UInt8] { Array(path.utf8.split(separator: UInt8(ascii: "/")).last ?? [][...]) }

  /// The directory that the vault is in.
  package var directory: String { PrivateFile.directory(of: path) }
  /// Locked by whoever writes; never removed.
  package var lock: String { path + ".lock" }
  /// The snapshot before the last save.
  package var previous: String { path + ".previous" }
  /// A damaged vault that another was put in the place of: the first of `damagedPlaces`.
  package var damaged: String { path + ".damaged" }
  /// Where damaged vaults are set aside, one behind the other: none takes the place of another, since each may have
  /// what no other has.
  package var damagedPlaces: [String] { [damaged] + (2...9).map { "\(damaged).\($0)" } }
  /// Everything that the vault uses, or has used.
  package var places: [VaultLocation] {
    ([path, lock, previous, new] + damagedPlaces).map(VaultLocation.init(plain:))
  }
  /// What is being written, until it takes the vault's name.
  package var new: String { path + ".new" }
}
