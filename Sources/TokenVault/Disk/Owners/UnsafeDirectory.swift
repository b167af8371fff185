/// A directory or link on the way to a file by which another user could replace the file.
package struct UnsafeDirectory: Sendable, Equatable {
  /// What the path leads to.
  package enum Place: Sendable { case vault, key, state }

  /// What is wrong.
  package enum Problem: Sendable, Equatable {
    /// It belongs to this user, who is neither this process' user nor root.
    case owner(UInt32)
    /// Its mode lets others write, and it is not sticky.
    case writable(mode: UInt32)
    /// It is a symbolic link of this user in a directory that others can write.
    case link(owner: UInt32)
  }

  /// The directory or link.
  package let path: String
  /// What is wrong with it.
  package let problem: Problem
  /// What the path leads to.
  package let place: Place
}
