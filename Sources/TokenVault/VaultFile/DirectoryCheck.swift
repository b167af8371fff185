internal import Glibc

/// The check of OpenSSH's StrictModes, for every directory on the way to a file: who can write one of them can move the
/// file and its lock away, and put others in their place.
///
/// A directory must belong to this user or to root, and nobody else may write it, unless it is sticky, as `/tmp` is. No
/// others are the user's own private group (``UserDatabase``), and owners that this user namespace has no number for
/// (``UserNamespace``). A symbolic link is followed as the kernel does with `fs.protected_symlinks`: not if it is a
/// stranger's in a sticky directory that others can write.
///
/// It costs one `lstat` for each name of the path, and is made when a store is opened.
package struct DirectoryCheck {
  private static let othersWrite: UInt32 = 0o022

  private let disk: any Disk
  private let place: UnsafeDirectory.Place
  private let user = geteuid()

  /// A check of the way to one of these.
  package init(_ place: UnsafeDirectory.Place, disk: any Disk) {
    (self.place, self.disk) = (place, disk)
  }

  /// Throws `unsafeDirectory` for the first directory or link that is not safe. What is missing is not there to be
  /// checked: this process will make it.
  package func run(_ path: String) throws(FileError) {
    if let fault = try fault(onTheWayTo: path) { throw .unsafeDirectory(fault) }
  }

  /// The first directory or link that is not safe.
  package func fault(onTheWayTo path: String) throws(FileError) -> UnsafeDirectory? {
    let path = try PrivateFile(disk: disk).absolute(path)
    do throws(DiskError) { return try walk(path) } catch { throw .disk(error.at(path)) }
  }

  private func walk(_ path: String) throws(DiskError) -> UnsafeDirectory? {
    guard let root = try disk.status(of: "/") else { return nil }
    var walk = Walk(path, root)
    if let fault = fault(of: root, "/") { return fault }
    while let name = walk.names.popLast() {
      if walk.isLeftAlone(by: name) { continue }
      let next = walk.path(of: name)
      guard let status = try disk.status(of: next) else { return nil }
      switch status.kind {
      case .directory:
        if let fault = fault(of: status, next) { return fault }
        walk.reached.append((next, status))
      case .symbolicLink:
        if isStrangers(status, in: walk.directory) {
          return unsafe(next, .link(owner: status.owner))
        }
        try walk.follow(next, to: disk.target(ofLink: next))
      case .regular, .other: return nil
      }
    }
    return nil
  }

  private func unsafe(_ path: String, _ problem: UnsafeDirectory.Problem) -> UnsafeDirectory {
    UnsafeDirectory(path: path, problem: problem, place: place)
  }

  private func fault(of directory: FileStatus, _ path: String) -> UnsafeDirectory? {
    if isOther(directory.owner) { return unsafe(path, .owner(directory.owner)) }
    if isSafe(directory, path) { return nil }
    return unsafe(path, .writable(mode: directory.mode))
  }

  private func isSafe(_ directory: FileStatus, _ path: String) -> Bool {
    if directory.mode & Self.othersWrite == 0 || directory.isSticky { return true }
    return directory.mode & 0o002 == 0 && !disk.hasAccessList(path)
      && UserDatabase(disk: disk).isPrivate(
        group: directory.group, of: user, effectiveGroup: getegid())
  }

  private func isOther(_ owner: UInt32) -> Bool {
    owner != user && owner != 0 && !UserNamespace.hides(owner, disk: disk)
  }

  private func isStrangers(_ link: FileStatus, in directory: FileStatus) -> Bool {
    directory.isSticky && directory.mode & Self.othersWrite != 0 && isOther(link.owner)
  }
}

extension FileStatus {
  /// Whether only the owner of a file can rename or remove it in this directory.
  fileprivate var isSticky: Bool { mode & 0o1000 != 0 }
}

/// How far the way was gone.
private struct Walk {
  private static let linkLimit = 40

  /// The names that are left, the next one last.
  var names: [String]
  /// The directories from the root to the one that was reached.
  var reached: [(path: String, status: FileStatus)]
  private let root: FileStatus
  private var links = 0

  init(_ path: String, _ root: FileStatus) {
    (names, reached, self.root) = (Self.names(in: path), [], root)
  }

  /// By bytes: to Swift, a slash and a combining mark behind it are one character, and no slash.
  private static func names(in path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).reversed().map { String(Substring($0)) }
  }

  /// The one that was reached.
  var directory: FileStatus { reached.last?.status ?? root }

  func path(of name: String) -> String { "\(reached.last?.path ?? "")/\(name)" }

  /// Goes back where the name says so; true where there is nothing to look at.
  mutating func isLeftAlone(by name: String) -> Bool {
    if name == "..", !reached.isEmpty { reached.removeLast() }
    return name == "." || name == ".."
  }

  mutating func follow(_ link: String, to target: String) throws(DiskError) {
    links += 1
    if links > Self.linkLimit { throw DiskError(call: "readlink", path: link, errno: ELOOP) }
    if target.utf8.first == UInt8(ascii: "/") { reached = [] }
    names += Self.names(in: target)
  }
}
