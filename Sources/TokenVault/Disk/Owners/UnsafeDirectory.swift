/// A directory, or a link, on the way to a file by which another user could put another file in its place.
package struct UnsafeDirectory: Error, Sendable, Equatable {
  /// What the way leads to.
  package enum Place: Sendable { case vault, key, state }

  /// What is wrong.
  package enum Problem: Sendable, Equatable {
    /// It belongs to this user, who is neither we nor root.
    case owner(UInt32)
    /// Its permission bits let others write, and it is not sticky.
    case writable(mode: UInt32)
    /// It is the symbolic link of this user in a directory that others can write.
    case link(owner: UInt32)
  }

  /// The directory or link.
  package let path: String
  /// What is wrong with it.
  package let problem: Problem
  /// What the way leads to.
  package let place: Place
}
