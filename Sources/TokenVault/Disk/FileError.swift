internal import Glibc

/// Why a file cannot be used.
package enum FileError: Error, Sendable, Equatable {
  /// A system call failed.
  case system(SystemCallError)
  /// Nothing is at the path.
  case missing(path: String)
  /// No vault is at the path; `previous` is the previous snapshot, if that is still there.
  case noVault(path: String, previous: String?)
  /// The directory for a new file does not exist.
  case noDirectory(path: String)
  /// Something is at the path already.
  case alreadyThere(path: String)
  /// The path leads to a directory, a pipe, a device, or the like.
  case notRegular(path: String, isDirectory: Bool)
  /// The file's owner or mode lets other users in, or keeps its owner out.
  case unsafe(path: String, UnsafeAccess)
  /// Another user could put another file in this one's place.
  case unsafeDirectory(UnsafeDirectory)
  /// The file is a mount point, which no other file can replace.
  case mounted(path: String)
  /// The file has more bytes than are read.
  case tooLarge(path: String, limit: Int64)
  /// The bytes read are not the bytes written.
  case notWritten(path: String)
  /// Another process held the lock for longer than the timeout.
  case lockTimeout(path: String, seconds: Double, holder: Int32?)
}

extension FileError {
  /// The error number of the system call that failed; nil for any other error.
  var errno: Int32? { if case .system(let error) = self { error.errno } else { nil } }

  /// The same error, with this path if it has none.
  func at(_ path: String) -> FileError {
    guard case .system(let error) = self, error.path == nil else { return self }
    return .system(SystemCallError(error.call, path, errno: error.errno))
  }

  /// The same error, for a path that could not be opened, made or linked.
  func opening(_ path: String) -> FileError {
    switch errno {
    case ENOENT: .missing(path: path)
    case EEXIST: .alreadyThere(path: path)
    case EISDIR: .notRegular(path: path, isDirectory: true)
    case ENXIO, ELOOP: .notRegular(path: path, isDirectory: false)
    default: at(path)
    }
  }
}

/// What is wrong with a file's owner or mode.
package enum UnsafeAccess: Sendable, Equatable {
  /// The permission bits let the group or others in.
  case mode(UInt32)
  /// The permission bits keep the owner from writing.
  case readOnly(UInt32)
  /// The file belongs to this user, who is neither this process' user nor root.
  case owner(UInt32)
}
