/// The users and groups that `/etc/passwd` and `/etc/group` have.
///
/// It is read only if a directory is in doubt or an error names an owner. The C library's own look-ups may ask a
/// network, and do not work in a program that is linked statically.
struct UserDatabase {
  private let users: [(name: Substring, id: UInt32, group: UInt32)]
  private let groups: [(id: UInt32, members: [Substring])]

  /// The users and groups of this host; none if the files cannot be read.
  init(disk: any Disk) {
    self.init(passwd: disk.text(of: "/etc/passwd") ?? "", group: disk.text(of: "/etc/group") ?? "")
  }

  /// The users and groups of two texts (passwd(5), group(5)).
  init(passwd: String, group: String) {
    users = Self.rows(of: passwd, fields: 7).compactMap { row in
      guard let id = UInt32(row[2]), let group = UInt32(row[3]) else { return nil }
      return (row[0], id, group)
    }
    groups = Self.rows(of: group, fields: 4).compactMap { row in
      UInt32(row[2]).map { ($0, row[3].split(separator: ",")) }
    }
  }

  private static func rows(of text: String, fields: Int) -> [[Substring]] {
    text.split(separator: "\n").map {
      $0.split(separator: ":", omittingEmptySubsequences: false)
    }.filter { $0.count == fields }
  }

  /// The user's name, if the files have it.
  func name(of user: UInt32) -> String? {
    users.first { $0.id == user }.map { String($0.name) }
  }

  /// Whether a group is the user's own, and has no other member but root. A group that is not in the files may have any
  /// members.
  func isPrivate(group: UInt32, of user: UInt32, effectiveGroup: UInt32) -> Bool {
    let own = users.first { $0.id == user }
    let rows = groups.filter { $0.id == group }
    guard group == own?.group ?? effectiveGroup, !rows.isEmpty else { return false }
    let isMember = users.contains { $0.group == group && $0.id != user && $0.id != 0 }
    return !isMember
      && rows.allSatisfy { $0.members.allSatisfy { $0 == "root" || $0 == own?.name } }
  }
}

extension Disk {
  /// The text of a small system file, whose size `/proc` does not tell; nil if it cannot be read.
  func text(of path: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let file = try? OpenFile(self, path, .readingThroughLinks)
    guard let count = try? file?.read(into: &bytes) else { return nil }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
