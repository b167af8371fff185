internal import Glibc

/// A vault's bytes on disk: read without a lock, replaced under one.
package struct VaultFile: Sendable {
  /// A version of the file, held open so that its inode number is not given to another.
  package struct Version: Sendable {
    let file: OpenFile
    /// What the system said of it.
    package let status: FileStatus
    /// The same file, to lock it and to write behind its end; shared by all versions of it.
    let appender: Appender

    init(_ file: OpenFile, _ status: FileStatus, _ appender: Appender = Appender()) {
      (self.file, self.status, self.appender) = (file, status, appender)
    }

    /// What the same file is by now.
    func grown(to status: FileStatus) -> Version { Version(file, status, appender) }
  }

  /// What is kept of the version that a replace takes the place of.
  ///
  /// `keep` keeps that version, `remove` nothing; `leave` leaves what was kept before.
  package enum Previous: Sendable { case keep, remove, leave }

  /// Larger files are neither read nor written: 1 GiB.
  package static let sizeLimit: Int64 = 1 << 30

  /// Where it is.
  package let location: VaultLocation
  let disk: any Disk
  var files: PrivateFile { PrivateFile(disk: disk) }

  /// The vault at a path, symbolic links resolved now.
  package init(path: String, disk: any Disk) throws(FileError) {
    location = try VaultLocation(resolving: path, disk: disk)
    self.disk = disk
  }

  /// Waits for the right to write; `kept` is a lock file that this process has opened before.
  package func lock(
    timeout: Duration, kept: LockFile? = nil
  ) throws(FileError) -> WriterLock {
    if kept == nil { try refuseMount() }
    return try WriterLock(location, disk: disk, timeout: timeout, kept: kept)
  }

  /// Opens the file whose bytes stand for the rights, to keep it.
  package func openLockFile() throws(FileError) -> LockFile {
    try refuseMount()
    return try LockFile(location, disk: disk)
  }

  /// Takes the right to refresh the record that this byte stands for, if nobody has it.
  package func attemptLock(ofRecord byte: Int64) throws(FileError) -> RecordLock? {
    try refuseMount()
    return try RecordLock.attempt(byte, location, disk: disk)
  }

  /// Throws where the vault is a mount of its own, before anything is written: it can be neither renamed nor linked,
  /// and its lock file lies in another directory than the one that others lock.
  private func refuseMount() throws(FileError) {
    if disk.isMountPoint(location.path) { throw .mounted(path: location.path) }
  }

  /// Throws where a vault, or something else, has the path, or the snapshot before is there.
  package func refuseToCreate() throws(FileError) {
    for path in [location.path, location.previous] where try isThere(path) {
      throw .alreadyThere(path: path)
    }
    guard try isThere(location.directory) else { throw .noDirectory(path: location.directory) }
  }

  private func isThere(_ path: String) throws(FileError) -> Bool {
    try FileError.disk(at: path) { () throws(DiskError) in try disk.status(of: path) != nil }
  }

  /// Whether the path still leads to this version.
  package func isCurrent(_ version: Version) throws(FileError) -> Bool {
    try FileError.disk(at: location.path) { () throws(DiskError) in
      try disk.status(of: location.path).map { $0.isUnchanged(from: version.status) } ?? false
    }
  }

  /// How a vault's file is another than a version of it.
  package enum Change: Sendable {
    /// The same file was written to, and has more bytes, or is about to: this is what it is now.
    case grown(Version)
    /// It is another file, or none, or has been changed otherwise.
    case replaced
  }

  /// The status of a version's file by now, which changes with all that is done to it: a write, a rename, and another
  /// file that is renamed over it each change its time of change. Nil if the system does not tell.
  ///
  /// This costs a third of what it costs to follow the path again. It cannot tell that a directory on the way was
  /// replaced.
  package func status(of version: Version) -> FileStatus? {
    try? disk.status(of: version.file.descriptor)
  }

  /// What has become of a version; nil where the path leads to it, and nobody has written to it.
  package func change(since version: Version) throws(FileError) -> Change? {
    let status = try FileError.disk(at: location.path) { () throws(DiskError) in
      try disk.status(of: location.path)
    }
    guard let status, status.isSameFile(as: version.status) else { return .replaced }
    if status.isUnchanged(from: version.status) { return nil }
    // A write changes the time before it changes the size.
    guard status.size >= version.status.size else { return .replaced }
    return .grown(version.grown(to: status))
  }

  /// Opens the file, and reads its first `count` bytes, or all where it has fewer. `read` goes on behind
  /// them, in the same version, whatever writers do meanwhile.
  package func readStart(_ count: Int) throws(FileError) -> (bytes: [UInt8], version: Version) {
    do {
      let (file, status) = try files.open(location.path, .reading)
      let bytes = try files.contents(of: file, status, limit: Self.sizeLimit, atMost: count)
      return (bytes, Version(file, status))
    } catch .missing(let path) {
      let previous = try FileError.disk(at: location.previous) { () throws(DiskError) in
        try disk.status(of: location.previous)
      }
      throw .noVault(path: path, previous: previous == nil ? nil : location.previous)
    } catch .disk(let error) where error.errno == EACCES {
      let owner = try? disk.status(of: location.path)?.owner
      guard let owner, owner != geteuid(), owner != 0 else { throw .disk(error) }
      throw .unsafe(path: location.path, .owner(owner))
    }
  }

  /// Fills `bytes` with what a version has from `offset` on, the first `start` of them left as they are; false where
  /// there is not so much.
  package func read(
    _ version: Version, at offset: Int64, _ bytes: inout [UInt8], from start: Int = 0
  ) throws(FileError) -> Bool {
    var count = start
    while count < bytes.count {
      let more = try FileError.disk(at: version.file.path) { () throws(DiskError) in
        unsafe try bytes.fill(from: count) { (memory) throws(DiskError) in
          unsafe try disk.read(version.file.descriptor, at: offset + Int64(count), into: memory)
        }
      }
      if more == 0 { return false }
      count += more
    }
    return true
  }

  /// The new version that is being written, as a vault that can be read.
  package var new: VaultFile { VaultFile(location: VaultLocation(plain: location.new), disk: disk) }

  private init(location: VaultLocation, disk: any Disk) {
    (self.location, self.disk) = (location, disk)
  }
}
