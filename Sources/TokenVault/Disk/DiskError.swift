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
  /// Whether there are no files without names: the file system has none, or `linkat` cannot reach them, because a
  /// sandbox hides `/proc` or closes it (as systemd's `InaccessiblePaths=/proc` does).
  var isWithoutUnnamedFiles: Bool {
    [EOPNOTSUPP, EISDIR, EINVAL, ENOENT].contains(errno) || call == "linkat" && isElsewhere
  }
  /// Whether the kernel has no more watches for this user or process, or does not let it have any.
  var isLackOfWatches: Bool {
    [EMFILE, ENFILE, ENOSPC, ENOMEM, ENOSYS, EACCES, EPERM].contains(errno)
  }
  /// The path does not lead anywhere that is ours.
  package var isElsewhere: Bool { [EACCES, EPERM, ENOTDIR, ELOOP, ENAMETOOLONG].contains(errno) }
  /// Whether the file system has nothing that can be synchronized: it can only be read, or keeps nothing.
  var isWithoutSynchronization: Bool { [EINVAL, EROFS, EOPNOTSUPP].contains(errno) }
  /// Whether the error is about what was named: nothing usable is there, or it is not for us. Every other one is about
  /// this process or this machine (no descriptor or memory left, a disk that fails), and tells nothing of what is there.
  var isAboutItsPlace: Bool {
    isNoSuchFile || isElsewhere
      || [EISDIR, ENXIO, ENODEV, EBADF, EINVAL, ENOEXEC, ENOSYS, EOPNOTSUPP].contains(errno)
  }
  /// Something is at the path.
  package var isAlreadyThere: Bool { errno == EEXIST }
}
