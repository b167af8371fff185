internal import Glibc

/// A vault's file: read without a lock, written under one.
struct VaultFile: Sendable {
  /// One version of the file, held open so that its inode number is not reused.
  struct Version: Sendable {
    let file: OpenFile
    /// Its status when it was opened or written.
    let status: FileStatus
    /// The same file, to lock it and to append to it; all versions of one inode share it.
    let appender: Appender

    init(_ file: OpenFile, _ status: FileStatus, _ appender: Appender = Appender()) {
      (self.file, self.status, self.appender) = (file, status, appender)
    }

    /// The version that the same file is now.
    func grown(to status: FileStatus) -> Version { Version(file, status, appender) }
  }

  /// What becomes of the previous snapshot in a replace: `keep` makes it the version that is replaced, `remove` removes
  /// it, `leave` leaves it.
  enum Previous: Sendable { case keep, remove, leave }

  /// Larger files are neither read nor written: 1 GiB.
  static let sizeLimit: Int64 = 1 << 30

  /// The path, and those beside it.
  let location: VaultLocation
  let disk: any Disk
  /// Gets the progress of reading and writing the file.
  var onProgress: (@Sendable (VaultProgress) -> Void)?
  var files: PrivateFile { PrivateFile(disk: disk) }

  /// The vault at a path; symbolic links are resolved now.
  init(path: String, disk: any Disk) throws(FileError) {
    location = try VaultLocation(resolving: path, disk: disk)
    self.disk = disk
  }

  /// Waits for the writer lock; `kept` is a lock file that this process has opened before.
  func lock(
    timeout: Duration, kept: LockFile? = nil
  ) throws(FileError) -> WriterLock {
    if kept == nil { try refuseMount() }
    return try WriterLock(location, disk: disk, timeout: timeout, kept: kept)
  }

  /// Opens the lock file, to keep it.
  func openLockFile() throws(FileError) -> LockFile {
    try refuseMount()
    return try LockFile(location, disk: disk)
  }

  /// Takes the lock on refreshing the record that this byte stands for; nil if it is taken.
  func attemptLock(ofRecord byte: Int64) throws(FileError) -> RecordLock? {
    try refuseMount()
    return try RecordLock(byte, location, disk: disk)
  }

  /// Throws if the vault is a mount point, before anything is written: it can be neither renamed nor linked, and its
  /// lock file is not the one that processes outside of the mount lock.
  private func refuseMount() throws(FileError) {
    if disk.isMountPoint(location.path) { throw .mounted(path: location.path) }
  }

  /// Throws if anything is at the vault's path or its previous snapshot's, or if the directory is missing.
  func refuseToCreate() throws(FileError) {
    for path in [location.path, location.previous] where try disk.isThere(path) {
      throw .alreadyThere(path: path)
    }
    guard try disk.isThere(location.directory) else {
      throw .noDirectory(path: location.directory)
    }
  }

  /// Whether the path still leads to this version.
  func isCurrent(_ version: Version) throws(FileError) -> Bool {
    try disk.status(of: location.path)?.isSameFile(as: version.status) ?? false
  }

  /// How the file at the path differs from a version.
  enum Change: Sendable {
    /// The same file was appended to, or is about to be; this is its version now.
    case grown(Version)
    /// It is another file, or none, or was changed otherwise.
    case replaced
  }

  /// The present status of a version's file. A write, a rename, and a rename over it each change its time of change.
  /// Nil if the system call fails.
  ///
  /// This costs a third of following the path again. It does not notice that a directory on the way was replaced.
  func status(of version: Version) -> FileStatus? { try? version.file.status() }

  /// The same for a writer, which finds out by the end of the log whether a file has grown: by its size alone, since a
  /// status with times would make the next flush take longer.
  func growth(since version: Version) throws(FileError) -> Change {
    guard let status = try disk.identity(of: location.path),
      status.isSameFile(as: version.status), status.size >= version.status.size
    else { return .replaced }
    return .grown(version.grown(to: status))
  }

  /// Whether another file is at the path.
  func isReplaced(_ version: Version) throws(FileError) -> Bool {
    try disk.identity(of: location.path)?.isSameFile(as: version.status) != true
  }

  /// How the file at the path differs from a version; nil if it is that version, unchanged.
  func change(since version: Version) throws(FileError) -> Change? {
    guard let status = try disk.status(of: location.path), status.isSameFile(as: version.status)
    else { return .replaced }
    if status.isUnchanged(from: version.status) { return nil }
    // A write changes the time before it changes the size.
    guard status.size >= version.status.size else { return .replaced }
    return .grown(version.grown(to: status))
  }

  /// Opens the file, and reads its first `count` bytes, or all if it has fewer. `read` reads the rest of the same
  /// version, whatever writers do meanwhile.
  func readStart(_ count: Int) throws(FileError) -> (bytes: [UInt8], version: Version) {
    do throws(FileError) {
      let (file, status) = try files.open(location.path, .reading)
      let bytes = try files.contents(of: file, status, limit: Self.sizeLimit, atMost: count)
      return (bytes, Version(file, status))
    } catch .missing(let path) {
      let previous = try disk.isThere(location.previous)
      throw .noVault(path: path, previous: previous ? location.previous : nil)
    } catch  where error.errno == EACCES {
      let owner = try? disk.status(of: location.path)?.owner
      guard let owner, owner != geteuid(), owner != 0 else { throw error }
      throw .unsafe(path: location.path, .owner(owner))
    }
  }

  /// Reads a version's bytes from `offset` on into `bytes`.
  ///
  /// - Returns: false if the version ends before `bytes` are full.
  func read(
    _ version: Version, at offset: Int64, _ bytes: inout [UInt8]
  ) throws(FileError) -> Bool {
    try version.file.read(into: &bytes, at: offset) == bytes.count
  }

  /// The new version that is being written, as a vault to be read.
  var new: VaultFile {
    var new = VaultFile(location: VaultLocation(plain: location.new), disk: disk)
    new.onProgress = onProgress
    return new
  }

  private init(location: VaultLocation, disk: any Disk) {
    (self.location, self.disk) = (location, disk)
  }
}
