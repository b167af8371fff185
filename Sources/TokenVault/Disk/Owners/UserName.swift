/// A user, as errors and hints name one.
struct UserName {
  let id: UInt32
  /// The name that `/etc/passwd` has for it.
  let name: String?

  init(_ id: UInt32) {
    (self.id, name) = (id, UserDatabase(disk: LinuxDisk()).name(of: id))
  }

  /// `1000 (ann)`.
  var text: String { name.map { "\(id) (\($0))" } ?? "\(id)" }

  /// The argument of `sudo -u`: the name, or `#` and the number.
  var forSudo: String { name ?? "#\(id)" }
}
