internal import Glibc

/// A system call that failed.
package struct DiskError: Error, Sendable, Equatable {
  /// The call's name, as in its manual page.
  package let call: String
  /// What it was for; nil where there is no path.
  package let path: String?
  /// The system's error number.
  package let errno: Int32

  /// A call that failed with this error number.
  package init(call: String, path: String?, errno: Int32) {
    (self.call, self.path, self.errno) = (call, path, errno)
  }

  /// The system's words for the error number.
  package var reason: String {
    var text = [CChar](repeating: 0, count: 128)
    guard unsafe strerror_r(errno, &text, text.count) == 0 else { return "error \(errno)" }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).lowercased()
  }

  /// Nothing is at the path.
  package var isNoSuchFile: Bool { errno == ENOENT }
  /// Whether the file system, or one without `/proc`, has no files without names.
  var isWithoutUnnamedFiles: Bool {
    [EOPNOTSUPP, EISDIR, EINVAL, ENOENT].contains(errno)
  }
  /// Whether the kernel has no more watches for this user or process, or does not let it have any.
  var isLackOfWatches: Bool {
    [EMFILE, ENFILE, ENOSPC, ENOMEM, ENOSYS, EACCES, EPERM].contains(errno)
  }
  /// The path does not lead anywhere that is ours.
  package var isElsewhere: Bool { [EACCES, EPERM, ENOTDIR, ELOOP, ENAMETOOLONG].contains(errno) }
  /// Whether the file system has nothing that can be synchronized: it can only be read, or keeps nothing.
  var isWithoutSynchronization: Bool { [EINVAL, EROFS, EOPNOTSUPP].contains(errno) }
  /// Something is at the path.
  package var isAlreadyThere: Bool { errno == EEXIST }
}
