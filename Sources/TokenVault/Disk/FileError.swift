/// Why a file cannot be used.
package enum FileError: Error, Sendable, Equatable {
  /// A system call failed.
  case disk(DiskError)
  /// Nothing is at the path.
  case missing(path: String)
  /// There is no vault; `previous` is the snapshot before, where that is still there.
  case noVault(path: String, previous: String?)
  /// The directory that a file was to be made in is not there.
  case noDirectory(path: String)
  /// Something is at the path already.
  case alreadyThere(path: String)
  /// The path leads to a directory, a pipe, a device, or the like.
  case notRegular(path: String, isDirectory: Bool)
  /// Others than the owner can get at the file, or the owner is a stranger.
  case unsafe(path: String, UnsafeAccess)
  /// Another user could put another file in this one's place.
  case unsafeDirectory(UnsafeDirectory)
  /// The file is a mount of its own, which no other file can be put in the place of.
  case mounted(path: String)
  /// The file has more bytes than are read.
  case tooLarge(path: String, limit: Int64)
  /// What was written is not what can be read there.
  case notWritten(path: String)
  /// The lock was not to be had in time.
  case lockTimeout(path: String, seconds: Double, holder: Int32?)
}

extension FileError {
  /// Does a piece of work on a path, and makes a `FileError` of what the disk says.
  static func disk<Result>(
    at path: String, _ work: () throws(DiskError) -> Result
  ) throws(FileError) -> Result {
    do {
      return try work()
    } catch {
      throw .disk(error.at(path))
    }
  }
}

/// What is wrong with a file's owner or mode.
package enum UnsafeAccess: Sendable, Equatable {
  /// The permission bits let the group or others in.
  case mode(UInt32)
  /// The permission bits keep its owner from writing.
  case readOnly(UInt32)
  /// The file belongs to this user, who is neither we nor root.
  case owner(UInt32)
}
