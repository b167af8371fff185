/// The status of a file (stat(2)).
package struct FileStatus: Sendable, Equatable {
  enum Kind: Sendable { case regular, directory, symbolicLink, other }

  let kind: Kind
  /// With the inode number, the identity of a file that is held open.
  let device: UInt64
  let inode: UInt64
  /// Its size in bytes.
  let size: Int64
  /// When its content last changed, in nanoseconds since 1970.
  let modified: Int64
  /// When its content, owner, mode or names last changed, in nanoseconds since 1970.
  let changed: Int64
  /// The owner's user id.
  let owner: UInt32
  /// The owning group's id.
  let group: UInt32
  /// The permission bits.
  let mode: UInt32
  /// The number of its names.
  let links: UInt64

  /// Whether both are one file, which is held open.
  func isSameFile(as other: FileStatus) -> Bool {
    device == other.device && inode == other.inode
  }

  /// Whether both are one file, and no write came between.
  func isUnchanged(from other: FileStatus) -> Bool {
    isSameFile(as: other) && size == other.size && modified == other.modified
  }
}
