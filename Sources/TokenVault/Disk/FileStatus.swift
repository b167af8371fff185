/// What the system says of a file.
package struct FileStatus: Sendable, Equatable {
  /// What kind of thing is there.
  package enum Kind: Sendable { case regular, directory, symbolicLink, other }

  /// What kind of thing it is.
  package let kind: Kind
  /// Device and inode number: the same file as long as one of the two is held open.
  package let device: UInt64
  package let inode: UInt64
  /// Bytes.
  package let size: Int64
  /// When the content was last changed, in nanoseconds since 1970.
  package let modified: Int64
  /// When anything about the file was last changed, its names among that, in nanoseconds since 1970.
  package let changed: Int64
  /// The owner's user id.
  package let owner: UInt32
  /// The owning group's id.
  package let group: UInt32
  /// The permission bits.
  package let mode: UInt32
  /// How many names it has.
  package let links: UInt64

  /// Whether both are one file, one of which is held open.
  func isSameFile(as other: FileStatus) -> Bool {
    device == other.device && inode == other.inode
  }

  /// Whether both are one file that nobody has written to since.
  package func isUnchanged(from other: FileStatus) -> Bool {
    isSameFile(as: other) && size == other.size && modified == other.modified
  }
}
