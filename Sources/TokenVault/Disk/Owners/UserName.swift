/// A user, as errors and hints name one.
package struct UserName {
  /// The user id.
  package let id: UInt32
  /// The name that `/etc/passwd` has for it.
  package let name: String?

  /// Looks the name up.
  package init(_ id: UInt32) {
    (self.id, name) = (id, UserDatabase(disk: LinuxDisk()).name(of: id))
  }

  /// `1000 (ann)`.
  package var text: String { name.map { "\(id) (\($0))" } ?? "\(id)" }

  /// The argument of `sudo -u`: the name, or `#` and the number.
  package var forSudo: String { name ?? "#\(id)" }
}
