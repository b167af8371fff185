/// Owners that have no number in this process' user namespace, for all of which the kernel says the overflow uid.
enum UserNamespace {
  private static let standardOverflow: UInt32 = 65_534
  /// How many ids there are: all but the highest, which stands for none.
  private static let idCount: UInt64 = 4_294_967_295

  /// Whether this owner is one that the namespace has no number for, as root's system directories in a container that
  /// maps only its own user. Outside of namespaces, the same number is a user, `nobody`.
  static func hides(_ owner: UInt32, disk: any Disk) -> Bool {
    guard owner == overflow(disk) else { return false }
    // Without /proc the kernel does not tell. A sandbox that hides it usually is such a namespace.
    guard let map = disk.text(of: "/proc/self/uid_map") else { return true }
    let counts = map.split(separator: "\n").compactMap { line in
      line.split(separator: " ").last.flatMap { UInt64($0) }
    }
    return counts.reduce(0, +) < idCount
  }

  private static func overflow(_ disk: any Disk) -> UInt32 {
    let text = disk.text(of: "/proc/sys/kernel/overflowuid")
    return text.flatMap { UInt32($0.split(separator: "\n").first ?? "") } ?? standardOverflow
  }
}
