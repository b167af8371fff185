internal import Glibc

/// A vault's bytes on disk: read without a lock, replaced under one.
package struct VaultFile: Sendable {
  /// A version of the file, held open so that its inode number is not given to another.
  package struct Version: Sendable {
    let file: OpenFile
    /// What the system said of it.
    package let status: FileStatus
    /// The same file, to write behind its end; shared by all versions of it.
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
  private var files: PrivateFile { PrivateFile(disk: disk) }

  /// The vault at a path, symbolic links resolved now.
  package init(path: String, disk: any Disk) throws(FileError) {
    location = try VaultLocation(resolving: path, disk: disk)
    self.disk = disk
  }

  /// Waits for the right to write.
  package func lock(
    timeout: Duration, kept: LockFile? = nil
  ) throws(FileError) -> WriterLock {
    try WriterLock(location, disk: disk, timeout: timeout, kept: kept)
  }

  /// Takes the right to refresh the record that this byte stands for, if nobody has it.
  package func attemptLock(ofRecord byte: Int64) throws(FileError) -> RecordLock? {
    try RecordLock.attempt(byte, location, disk: disk)
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

  /// Whether nothing at all was done to the file of a version since it had this status: it was neither written to nor
  /// renamed, and nothing was renamed over it, each of which changes its time of change.
  ///
  /// This costs a third of what it costs to follow the path again. It cannot tell that a directory on the way was
  /// replaced.
  package func isUntouched(since status: FileStatus, of version: Version) -> Bool {
    (try? disk.status(of: version.file.descriptor)) == status
  }

  /// What the file of a version is now.
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

  /// Gives a new version the vault's name, which must not be taken; the caller holds the lock. On failure both are
  /// gone again.
  package func create(_ file: OpenFile) throws(FileError) -> Version {
    do throws(DiskError) {
      try disk.link(location.new, to: location.path)
    } catch {
      try? disk.remove(location.new)
      throw error.isAlreadyThere ? .alreadyThere(path: location.path) : .disk(error)
    }
    do throws(FileError) {
      try FileError.disk(at: location.new) { () throws(DiskError) in
        try disk.remove(location.new)
      }
      try files.synchronizeDirectory(location.directory)
      return try version(file)
    } catch {
      try? disk.remove(location.path)
      try? disk.remove(location.new)
      throw error
    }
  }

  /// Puts a new version in the vault's place, durable when this returns; the caller holds the lock.
  ///
  /// On failure the vault is the old one, or, where the very last step fails (the directory's
  /// synchronization), the new one.
  package func commit(_ file: OpenFile, previous: Previous) throws(FileError) -> Version {
    do throws(DiskError) {
      // Before the rename: what a delete takes away must not outlive it.
      if previous != .leave { try disk.remove(location.previous) }
      if previous == .keep { try disk.link(location.path, to: location.previous) }
      try disk.rename(location.new, to: location.path)
    } catch {
      discardNew()
      throw .disk(error)
    }
    try files.synchronizeDirectory(location.directory)
    return try version(file)
  }

  /// Writes `bytes` behind the end of a version; `synchronize` makes them durable. Gives what the version is then.
  ///
  /// The caller holds the lock, and the version is the newest. On failure the file is as it was, unless what was
  /// written cannot be cut off again.
  package func append(
    _ bytes: Span<UInt8>, to version: Version
  ) throws(FileError) -> Version {
    guard version.status.size + Int64(bytes.count) <= Self.sizeLimit else {
      throw .tooLarge(path: location.path, limit: Self.sizeLimit)
    }
    let file = try version.appender.file { () throws(FileError) in
      try files.open(location.path, .appending).0
    }
    return try FileError.disk(at: location.path) { () throws(DiskError) in
      // Whoever does not ask for the lock may have written.
      guard try disk.status(of: file.descriptor).isUnchanged(from: version.status) else {
        throw DiskError(call: "write", path: location.path, errno: EBUSY)
      }
      do throws(DiskError) {
        try disk.write(file.descriptor, bytes)
        return version.grown(to: try disk.status(of: file.descriptor))
      } catch {
        try? disk.truncate(file.descriptor, to: version.status.size)
        throw error
      }
    }
  }

  /// Makes all that was written to a version's file survive a power cut, whoever wrote it. It needs no lock, so that
  /// the writers of many processes wait for the disk at once.
  package func synchronize(_ version: Version) throws(FileError) {
    try FileError.disk(at: location.path) { () throws(DiskError) in
      try disk.synchronizeData(version.file.descriptor)
    }
  }

  /// Makes the vault's name survive a power cut, whoever gave it that.
  package func synchronizeDirectory() throws(FileError) {
    try files.synchronizeDirectory(location.directory)
  }

  /// Takes a new version away that was not put in the vault's place.
  package func discardNew() { try? disk.remove(location.new) }

  /// Begins a new version that is written piece by piece; the caller holds the lock.
  ///
  /// The name is ours alone under the lock: what is there was left by a writer that was killed.
  package func beginNew() throws(FileError) -> OpenFile {
    do {
      return try files.make(location.new)
    } catch .alreadyThere {
      try FileError.disk(at: location.new) { () throws(DiskError) in
        try disk.remove(location.new)
      }
      return try files.make(location.new)
    }
  }

  /// Writes the next piece of a new version.
  package func append(_ bytes: Span<UInt8>, to file: OpenFile) throws(FileError) {
    try FileError.disk(at: location.new) { () throws(DiskError) in
      try disk.write(file.descriptor, bytes)
    }
  }

  /// Writes over a piece of a new version.
  package func overwrite(
    _ bytes: Span<UInt8>, at offset: Int64, in file: OpenFile
  ) throws(FileError) {
    try FileError.disk(at: location.new) { () throws(DiskError) in
      try disk.write(file.descriptor, at: offset, bytes)
    }
  }

  /// Makes a new version durable that was written piece by piece, but for its name.
  package func synchronize(_ file: OpenFile) throws(FileError) {
    try FileError.disk(at: location.new) { () throws(DiskError) in
      try disk.synchronize(file.descriptor)
    }
  }

  /// The new version that is being written, as a vault that can be read.
  package var new: VaultFile { VaultFile(location: VaultLocation(plain: location.new), disk: disk) }

  private init(location: VaultLocation, disk: any Disk) {
    (self.location, self.disk) = (location, disk)
  }

  private func version(_ file: OpenFile) throws(FileError) -> Version {
    try FileError.disk(at: location.path) { () throws(DiskError) in
      Version(file, try disk.status(of: file.descriptor))
    }
  }
}
