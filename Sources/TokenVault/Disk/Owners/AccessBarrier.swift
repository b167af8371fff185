internal import Glibc

/// The directory or file that denies this process a path, for an error to name.
struct AccessBarrier {
  let path: String
  let owner: UInt32
  let mode: UInt32

  /// Searches the way to a path; nil if the permission bits do not explain it, as with a security module.
  init?(to path: String, disk: any Disk) {
    guard let path = try? PrivateFile(disk: disk).absolute(path) else { return nil }
    for directory in Self.directories(above: path) where Self.isBarred(directory, disk) {
      self.init(at: directory, disk)
      return
    }
    let directory = PrivateFile.directory(of: path)
    if let isThere = try? disk.isThere(path), isThere, !disk.isReadable(path) {
      self.init(at: path, disk)
    } else if !disk.isWritable(directory: directory) {
      self.init(at: directory, disk)
    } else {
      return nil
    }
  }

  private init?(at path: String, _ disk: any Disk) {
    guard let status = try? disk.status(of: path) else { return nil }
    (self.path, owner, mode) = (path, status.owner, status.mode)
  }

  /// From the root down.
  private static func directories(above path: String) -> [String] {
    var (directories, rest) = ([String](), path)
    while rest != "/" {
      rest = PrivateFile.directory(of: rest)
      directories.append(rest)
    }
    return directories.reversed()
  }

  /// Whether names in a directory cannot be looked up; follows links to it.
  private static func isBarred(_ directory: String, _ disk: any Disk) -> Bool {
    do throws(FileError) {
      _ = try disk.status(of: "\(directory)/.")
      return false
    } catch {
      return error.errno == EACCES
    }
  }
}

extension SystemCallError {
  /// The system's words; if it denies a permission, also the directory or file that does, and its owner.
  var explainedReason: String {
    guard errno == EACCES, let path, let barrier = AccessBarrier(to: path, disk: LinuxDisk()) else {
      return reason
    }
    let (owner, mode) = (UserName(barrier.owner).text, String(barrier.mode, radix: 8))
    return "\(reason): '\(barrier.path)' belongs to user \(owner) and has mode \(mode)"
  }
}

extension Disk {
  fileprivate func isReadable(_ path: String) -> Bool {
    (try? OpenFile(self, path, .readingThroughLinks)) != nil
  }
}
