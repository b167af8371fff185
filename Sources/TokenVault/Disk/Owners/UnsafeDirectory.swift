/// A directory or link on the way to a file by which another user could replace the file.
package struct UnsafeDirectory: Sendable, Equatable {
  /// What the path leads to.
  enum Place: Sendable { case vault, key, state }

  enum Problem: Sendable, Equatable {
    /// It belongs to this user, who is neither this process' user nor root.
    case owner(UInt32)
    /// Its mode lets others write, and it is not sticky.
    case writable(mode: UInt32)
    /// It is a symbolic link of this user in a directory that others can write.
    case link(owner: UInt32)
  }

  let path: String
  let problem: Problem
  let place: Place
}
