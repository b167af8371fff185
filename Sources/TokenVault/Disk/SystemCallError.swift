internal import Glibc

/// A system call that failed.
package struct SystemCallError: Error, Sendable, Equatable {
  /// The call's name, as in its manual page.
  let call: String
  /// The file or directory that it was for; nil if there is none.
  let path: String?
  let errno: Int32

  /// A call that has just failed, so that `errno` has its error number, or one with the error number given.
  init(_ call: String, _ path: String? = nil, errno: Int32 = Glibc.errno) {
    (self.call, self.path, self.errno) = (call, path, errno)
  }

  /// The system's words for the error number (strerror(3)).
  var reason: String {
    var text = [CChar](repeating: 0, count: 128)
    guard unsafe strerror_r(errno, &text, text.count) == 0 else { return "error \(errno)" }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).lowercased()
  }

  var isNoSuchFile: Bool { errno == ENOENT }
  /// Whether the file system has no files without names, or `linkat` cannot reach them because a sandbox hides `/proc`
  /// or denies it (as systemd's `InaccessiblePaths=/proc` does).
  var isWithoutUnnamedFiles: Bool {
    [EOPNOTSUPP, EISDIR, EINVAL, ENOENT].contains(errno) || call == "linkat" && isElsewhere
  }
  /// Whether the kernel has no watches left for this user or process, or denies them.
  var isLackOfWatches: Bool {
    [EMFILE, ENFILE, ENOSPC, ENOMEM, ENOSYS, EACCES, EPERM].contains(errno)
  }
  /// Whether the path leads to no place that this process may use.
  var isElsewhere: Bool { [EACCES, EPERM, ENOTDIR, ELOOP, ENAMETOOLONG].contains(errno) }
  /// Whether the file system cannot synchronize: it is read-only, or keeps nothing.
  var isWithoutSynchronization: Bool { [EINVAL, EROFS, EOPNOTSUPP].contains(errno) }
  /// Whether the error is about what was named: nothing usable is there, or it is denied to us. Every other error is
  /// about this process or machine (no descriptor, no memory, a failing disk), and says nothing about the name.
  var isAboutItsPlace: Bool {
    isNoSuchFile || isElsewhere
      || [EISDIR, ENXIO, ENODEV, EBADF, EINVAL, ENOEXEC, ENOSYS, EOPNOTSUPP].contains(errno)
  }
}

extension SystemCallError: CustomStringConvertible {
  /// The call and the system's words, as the end of a sentence.
  package var description: String { "\(call): \(reason)" }
}
