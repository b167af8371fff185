/// The system calls that the vault makes, so that tests can fail or cut any one of them.
package protocol Disk: Sendable {
  /// Opens or makes a file; descriptors are closed on exec.
  func open(_ path: String, _ purpose: OpenPurpose) throws(DiskError) -> Int32
  func close(_ file: Int32)
  /// Of the path itself, not of what a symbolic link points to; nil where nothing is.
  func status(of path: String) throws(DiskError) -> FileStatus?
  func status(of file: Int32) throws(DiskError) -> FileStatus
  /// Reads at most as many bytes as `memory` holds; 0 at the end.
  func read(_ file: Int32, into memory: UnsafeMutableRawBufferPointer) throws(DiskError) -> Int
  /// Reads as `read`, from this place in the file on.
  func read(
    _ file: Int32, at offset: Int64, into memory: UnsafeMutableRawBufferPointer
  ) throws(DiskError) -> Int
  /// Writes all of it.
  func write(_ file: Int32, _ bytes: Span<UInt8>) throws(DiskError)
  /// Writes all of it at this place in the file.
  func write(_ file: Int32, at offset: Int64, _ bytes: Span<UInt8>) throws(DiskError)
  /// Cuts a file off.
  func truncate(_ file: Int32, to size: Int64) throws(DiskError)
  /// Makes a file's content, size and times, or a directory's entries, survive a power cut.
  func synchronize(_ file: Int32) throws(DiskError)
  /// Makes a file's content and size survive a power cut.
  func synchronizeData(_ file: Int32) throws(DiskError)
  func rename(_ from: String, to: String) throws(DiskError)
  /// Gives a file a second name; fails where the name is taken.
  func link(_ from: String, to: String) throws(DiskError)
  /// Gives an open file without a name one; fails where the name is taken.
  func link(_ file: Int32, to: String) throws(DiskError)
  /// Removes a name, if it is there.
  func remove(_ path: String) throws(DiskError)
  /// Makes a directory for the owner alone, if it is not there.
  func makeDirectory(_ path: String) throws(DiskError)
  /// Puts these bytes over those of a file, in place, made for the owner alone if it is not there; not
  /// durable: nothing waits for the disk. On failure, a file that it has made is gone again.
  func overwrite(_ path: String, with bytes: Span<UInt8>) throws(DiskError)
  /// Keeps programs that are started later from having an open file too.
  func closeOnExec(_ file: Int32)
  /// The names in a directory.
  func names(in directory: String) throws(DiskError) -> [String]
  /// Whether a POSIX access control list names further users or groups, so that the mode does not tell who may write.
  func hasAccessList(_ path: String) -> Bool
  /// Whether something is mounted at a path itself; false where the kernel does not tell (before Linux 5.8).
  func isMountPoint(_ path: String) -> Bool
  /// Whether this process may make and rename files in a directory.
  func isWritable(directory: String) -> Bool
  /// The working directory, as an absolute path.
  func workingDirectory() throws(DiskError) -> String
  /// What a symbolic link says.
  func target(ofLink path: String) throws(DiskError) -> String
  /// Takes the open file description's lock on one byte, if nobody else has it.
  func tryLock(_ file: Int32, byte: Int64) throws(DiskError) -> Bool
  /// Lets a byte go that was locked through this file.
  func unlock(_ file: Int32, byte: Int64)
  /// Lets `holder(of:byte:)` name this process. Best effort: nothing depends on it.
  func announce(_ file: Int32, byte: Int64)
  /// Ends what `announce` has begun.
  func withdraw(_ file: Int32, byte: Int64)
  /// The process that announced itself on this byte, where there is one.
  func holder(of file: Int32, byte: Int64) -> Int32?
  /// Lets others run for about this long.
  func pause(microseconds: UInt32)
}

/// What a file is opened for.
package enum OpenPurpose: Sendable, Equatable {
  /// To read a regular file; never waits for the other end of a pipe. Does not follow a symbolic link.
  case reading
  /// To read whatever the path leads to, links followed.
  case readingThroughLinks
  /// To write, and then to read, a file that must not be there yet, for the owner alone whatever the umask.
  case creating
  /// To write a file without a name yet in a directory, for the owner alone whatever the umask.
  case creatingUnnamed
  /// To lock a file that is there, and to write behind its end. Does not follow a symbolic link.
  case appending
  /// To read a file that is there, and to write over it in place. Does not follow a symbolic link.
  case updating
  /// To lock a file, made for the owner alone if it is not there.
  case locking
  /// To read records from whatever a person names, pipes and terminals among them; waits for them.
  case input
  /// To synchronize a directory.
  case directory
}
