internal import Glibc

/// The directory in which this host remembers vaults, apart from the vaults and their keys.
///
/// Its files are for their owner alone. A file that others could reach is trusted less (`Trust`).
///
/// A class, because a process that ends soon would take long to find the type of an optional struct.
final class StateDirectory: Sendable {
  /// Who could reach a file.
  enum Trust: Sendable { case ownerAlone, othersCouldRead, othersCouldWrite }

  /// An open file of this directory.
  struct Opened {
    let file: OpenFile
    let status: FileStatus

    var trust: Trust { Trust(of: status) }
  }

  let path: String
  let disk: any Disk

  /// The directory that the environment names; nil if it names none.
  init?(_ locations: StandardLocations, _ disk: any Disk) {
    guard let named = locations.stateDirectory,
      let path = try? PrivateFile(disk: disk).absolute(named)
    else { return nil }
    (self.path, self.disk) = (path, disk)
  }

  /// The path of a file in it.
  func place(_ name: String) -> String { "\(path)/\(name)" }

  /// Opens a regular file; nil if there is none that this process may open.
  func open(_ name: String, _ purpose: OpenPurpose) throws(FileError) -> Opened? {
    do throws(FileError) {
      let file = try OpenFile(disk, place(name), purpose)
      let status = try file.status()
      guard status.kind == .regular else { return nil }
      return Opened(file: file, status: status)
    } catch .system(let error)
      where error.call == "open"
      && (error.isNoSuchFile || error.isElsewhere
        || [EISDIR, ENXIO, EROFS].contains(error.errno))
    { return nil }
  }

  /// The bytes of a file; nil if `open` returns nil, or if it has more than 64 KiB.
  func read(_ name: String) throws(FileError) -> (bytes: [UInt8], trust: Trust)? {
    guard let opened = try open(name, .reading) else { return nil }
    do throws(FileError) {
      let bytes = try PrivateFile(disk: disk).contents(
        of: opened.file, opened.status, limit: 65_536)
      return (bytes, opened.trust)
    } catch .tooLarge {
      return nil
    }
  }

  /// Replaces a file by a new one with these bytes, durable when this returns. A process that has the old inode open
  /// cannot write the new one.
  func replace(_ name: String, with bytes: [UInt8]) throws(FileError) {
    let (files, path) = (PrivateFile(disk: disk), place(name))
    let staging = "\(path).\(UInt64.random(in: .min ... .max)).new"
    do throws(FileError) { try files.create(staging, bytes.span) } catch .missing {
      try files.makeDirectories(above: path)
      try files.create(staging, bytes.span)
    }
    do { try disk.rename(staging, to: path) } catch {
      try? disk.remove(staging)
      throw error
    }
    try files.synchronizeDirectory(PrivateFile.directory(of: path))
  }
}

extension StateDirectory.Trust {
  init(of status: FileStatus) {
    let isOurs = status.owner == geteuid() || status.owner == 0
    switch status.mode {
    case let mode where !isOurs || mode & 0o022 != 0: self = .othersCouldWrite
    case let mode where mode & 0o077 != 0: self = .othersCouldRead
    default: self = .ownerAlone
    }
  }
}
