internal import Glibc

/// The directory in which this host remembers vaults, apart from them and from their keys.
///
/// Its files are for their owner alone. What others could reach counts for less (`Trust`).
package struct StateDirectory: Sendable {
  /// Whom a file was open to.
  enum Trust: Sendable { case ownerAlone, othersCouldRead, othersCouldWrite }

  /// A file that was opened here.
  struct Opened {
    let file: OpenFile
    let status: FileStatus
    let trust: Trust
  }

  let path: String
  let disk: any Disk

  /// The one that the environment names; nil if it names none.
  init?(_ locations: StandardLocations, _ disk: any Disk) {
    guard let named = locations.stateDirectory,
      let path = try? PrivateFile(disk: disk).absolute(named)
    else { return nil }
    (self.path, self.disk) = (path, disk)
  }

  /// The path of a file in it.
  func place(_ name: String) -> String { "\(path)/\(name)" }

  /// Opens a file; nil if there is none, or none that this process may open.
  func open(_ name: String, _ purpose: OpenPurpose) throws(FileError) -> Opened? {
    let file: OpenFile
    do { file = try OpenFile(disk, place(name), purpose) } catch {
      let isNone = error.isNoSuchFile || error.isElsewhere
      if isNone || [EISDIR, ENXIO, EROFS].contains(error.errno) { return nil }
      throw .disk(error)
    }
    let status = try FileError.disk(at: file.path) { () throws(DiskError) in
      try disk.status(of: file.descriptor)
    }
    guard status.kind == .regular else { return nil }
    return Opened(file: file, status: status, trust: Trust(of: status))
  }

  /// The bytes of a file of at most 64 KiB; nil as `open`.
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

  /// Puts a file with these bytes in the place of what has the name, durable when this returns. It is a new inode: who
  /// has the old one open can write it in vain.
  func replace(_ name: String, with bytes: [UInt8]) throws(FileError) {
    let (files, path) = (PrivateFile(disk: disk), place(name))
    let staging = "\(path).\(UInt64.random(in: .min ... .max)).new"
    do throws(FileError) { try files.create(staging, bytes.span) } catch .missing {
      try files.makeDirectories(above: path)
      try files.create(staging, bytes.span)
    }
    do throws(DiskError) { try disk.rename(staging, to: path) } catch {
      try? disk.remove(staging)
      throw .disk(error)
    }
    try files.synchronizeDirectory(PrivateFile.directory(of: path))
  }
}

extension StateDirectory.Trust {
  init(of status: FileStatus) {
    let isOurs = status.owner == geteuid() || status.owner == 0
    self =
      if !isOurs || status.mode & 0o022 != 0 { .othersCouldWrite } else if status.mode & 0o077 != 0
      { .othersCouldRead } else { .ownerAlone }
  }
}
