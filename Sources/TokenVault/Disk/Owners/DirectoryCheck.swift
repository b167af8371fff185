internal import Glibc

/// The check of OpenSSH's StrictModes, for every directory on the way to a file: a user who can write one of them can
/// move the file and its lock away, and put others in their place.
///
/// A directory must belong to this user or to root, and no other user may write it, unless it is sticky, as `/tmp` is.
/// The user's own private group (``UserDatabase``) is no other user, nor is an owner that this user namespace has no
/// number for (``UserNamespace``). A symbolic link is followed as the kernel does with `fs.protected_symlinks`: not if
/// it is another user's in a sticky directory that others can write.
///
/// It costs one `lstat` for each name of the path, when a vault is opened. A second path checks no directory again that
/// it shares with the first.
struct DirectoryCheck {
  private static let othersWrite: UInt32 = 0o022

  private let disk: any Disk
  private let user = geteuid()
  private var place = UnsafeDirectory.Place.vault
  private var last: Walk?

  init(disk: any Disk) { self.disk = disk }

  /// Throws `unsafeDirectory` for the first directory or link that is not safe, unless that is allowed. It does not check
  /// what is missing: this process will make it.
  mutating func run(
    _ path: String, for place: UnsafeDirectory.Place,
    unless isAllowed: (UnsafeDirectory) -> Bool = { _ in false }
  ) throws(FileError) {
    if let fault = try fault(onTheWayTo: path, for: place), !isAllowed(fault) {
      throw .unsafeDirectory(fault)
    }
  }

  /// The first directory or link that is not safe.
  mutating func fault(
    onTheWayTo path: String, for place: UnsafeDirectory.Place
  ) throws(FileError) -> UnsafeDirectory? {
    self.place = place
    return try walk(PrivateFile(disk: disk).absolute(path))
  }

  private mutating func walk(_ path: String) throws(FileError) -> UnsafeDirectory? {
    let walk = Walk(path)
    defer { last = walk }
    guard let root = try root() else { return nil }
    if let fault = fault(of: root, "/") { return fault }
    walk.root = root
    while let name = walk.names.popLast() {
      if walk.isLeftAlone(by: name) { continue }
      let next = walk.path(of: name)
      guard let status = try status(of: next, walk.reached.count) else { return nil }
      if let fault = try step(to: next, status, walk) { return fault }
      if status.kind == .regular || status.kind == .other { return nil }
    }
    return nil
  }

  private func root() throws(FileError) -> FileStatus? {
    if let known = last?.root { return known }
    return try disk.status(of: "/")
  }

  private func status(of path: String, _ index: Int) throws(FileError) -> FileStatus? {
    if let known = last?.status(of: path, at: index) { return known }
    return try disk.status(of: path)
  }

  private func step(
    to next: String, _ status: FileStatus, _ walk: Walk
  ) throws(FileError) -> UnsafeDirectory? {
    if status.kind == .directory {
      if let fault = fault(of: status, next) { return fault }
      walk.reached.append((next, status))
    } else if status.kind == .symbolicLink {
      if walk.directory.map({ isStrangers(status, in: $0) }) == true {
        return unsafe(next, .link(owner: status.owner))
      }
      try walk.follow(next, to: disk.target(ofLink: next))
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

/// The progress along a path.
///
/// A class, because a process that ends soon would take long to find the type of an optional struct.
private final class Walk {
  private static let linkLimit = 40
  /// The capacity that is reserved at once.
  private static let usualDepth = 12

  /// The names that follow, the next one last.
  var names: [String]
  /// The directories from the root to the present one, which are all safe.
  var reached: [(path: String, status: FileStatus)] = []
  /// The root, if it is safe.
  var root: FileStatus?
  private var links = 0

  init(_ path: String) {
    names = Self.names(in: path)
    reached.reserveCapacity(Self.usualDepth)
  }

  /// By bytes: to Swift, a slash and a combining mark behind it are one character, and no slash.
  private static func names(in path: String) -> [String] {
    let bytes = Array(path.utf8)
    var (names, end) = ([String](), bytes.count)
    names.reserveCapacity(usualDepth)
    for start in (0...bytes.count).reversed()
    where start == 0 || bytes[start - 1] == UInt8(ascii: "/") {
      if start < end { names.append(String(decoding: bytes[start..<end], as: UTF8.self)) }
      end = start - 1
    }
    return names
  }

  /// The present directory.
  var directory: FileStatus? { reached.last?.status ?? root }

  func path(of name: String) -> String {
    let directory = reached.last?.path ?? ""
    var path = ""
    path.reserveCapacity(directory.utf8.count + 1 + name.utf8.count)
    path += directory
    path += "/"
    path += name
    return path
  }

  /// The status of a directory, if it is the one at this index.
  func status(of path: String, at index: Int) -> FileStatus? {
    index < reached.count && reached[index].path == path ? reached[index].status : nil
  }

  /// Goes back for `..`; returns whether the name is one that needs no check.
  func isLeftAlone(by name: String) -> Bool {
    if name == "..", !reached.isEmpty { reached.removeLast() }
    return name == "." || name == ".."
  }

  func follow(_ link: String, to target: String) throws(FileError) {
    links += 1
    if links > Self.linkLimit { throw .system(SystemCallError("readlink", link, errno: ELOOP)) }
    if target.utf8.first == UInt8(ascii: "/") { reached = [] }
    names += Self.names(in: target)
  }
}
