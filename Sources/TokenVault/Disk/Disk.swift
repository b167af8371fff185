/// The system calls that the vault makes, so that tests can fail or cut any one of them.
///
/// Every error is `FileError.system`; a call on a descriptor leaves the path to ``OpenFile``.
package protocol Disk: Sendable {
  /// Opens or makes a file, which programs started later do not inherit.
  func open(_ path: String, _ purpose: OpenPurpose) throws(FileError) -> Int32
  func close(_ file: Int32)
  /// The status of the path itself, not of a symbolic link's target; nil if nothing is there.
  func status(of path: String) throws(FileError) -> FileStatus?
  func status(of file: Int32) throws(FileError) -> FileStatus
  /// The same without the times, which are 0. On Linux 6.13 and later, a status with times makes the next write change the
  /// inode, so that its flush takes longer.
  func identity(of path: String) throws(FileError) -> FileStatus?
  func identity(of file: Int32) throws(FileError) -> FileStatus
  /// Reads at most as many bytes as `memory` holds, from an offset or else on from the last read, and returns how many; 0
  /// at the end.
  func read(
    _ file: Int32, at offset: Int64?, into memory: UnsafeMutableRawBufferPointer
  ) throws(FileError) -> Int
  /// Writes all bytes.
  func write(_ file: Int32, _ bytes: Span<UInt8>) throws(FileError)
  /// Writes all bytes at an offset in the file.
  func write(_ file: Int32, at offset: Int64, _ bytes: Span<UInt8>) throws(FileError)
  /// Makes a file shorter.
  func truncate(_ file: Int32, to size: Int64) throws(FileError)
  /// Makes a file's content, size and times, or a directory's entries, durable (fsync(2)).
  func synchronize(_ file: Int32) throws(FileError)
  /// Makes a file's content and size durable (fdatasync(2)).
  func synchronizeData(_ file: Int32) throws(FileError)
  /// Begins to write to the disk what the kernel still buffers of a file, so that a later `synchronize` waits for less. A
  /// hint that promises nothing.
  func startWriting(_ file: Int32)
  func rename(_ from: String, to: String) throws(FileError)
  /// Gives a file a second name; fails if the name is taken.
  func link(_ from: String, to: String) throws(FileError)
  /// Gives an open file without a name this one; fails if the name is taken.
  func link(_ file: Int32, to: String) throws(FileError)
  /// Removes a name; does nothing if it is not there.
  func remove(_ path: String) throws(FileError)
  /// Makes a directory for the owner alone; does nothing if it is there.
  func makeDirectory(_ path: String) throws(FileError)
  /// Overwrites a file in place, or makes it for the owner alone. Not durable. A file that it made is removed on
  /// failure.
  func overwrite(_ path: String, with bytes: Span<UInt8>) throws(FileError)
  /// Keeps programs started later from inheriting an open file.
  func closeOnExec(_ file: Int32)
  /// The names in a directory.
  func names(in directory: String) throws(FileError) -> [String]
  /// Whether a POSIX access control list names further users or groups, so that the mode is not the whole answer.
  func hasAccessList(_ path: String) -> Bool
  /// Whether a path is a mount point; false if the kernel does not tell (before Linux 5.8).
  func isMountPoint(_ path: String) -> Bool
  /// Whether this process may make and rename files in a directory.
  func isWritable(directory: String) -> Bool
  /// The working directory, as an absolute path.
  func workingDirectory() throws(FileError) -> String
  /// The target of a symbolic link.
  func target(ofLink path: String) throws(FileError) -> String
  /// Locks one byte for the open file description; false if another one has it.
  func tryLock(_ file: Int32, byte: Int64) throws(FileError) -> Bool
  /// Unlocks a byte that was locked through this file.
  func unlock(_ file: Int32, byte: Int64)
  /// Lets `holder(of:byte:)` name this process, best effort.
  func announce(_ file: Int32, byte: Int64)
  /// Undoes `announce`.
  func withdraw(_ file: Int32, byte: Int64)
  /// The process that announced itself on this byte, if any.
  func holder(of file: Int32, byte: Int64) -> Int32?
  /// Sleeps for about this long; 0 lets other threads run.
  func pause(microseconds: UInt32)
}

extension Disk {
  package func startWriting(_ file: Int32) {}
}

/// What a file is opened for.
package enum OpenPurpose: Sendable, Equatable {
  /// Read a regular file; does not wait for the other end of a pipe, nor follow a symbolic link.
  case reading
  /// Read what the path leads to; follows symbolic links.
  case readingThroughLinks
  /// Make a file, which must not be there, to write and read it; mode 0600 whatever the umask.
  case creating
  /// Make a file without a name in a directory, to write it; mode 0600 whatever the umask.
  case creatingUnnamed
  /// Lock a file that is there, and append to it; does not follow a symbolic link.
  case appending
  /// Read a file that is there, and overwrite it in place; does not follow a symbolic link.
  case updating
  /// Lock a file, made with mode 0600 if it is not there.
  case locking
  /// Read records from any file that a person names; waits for pipes and terminals.
  case input
  /// Synchronize a directory.
  case directory
}
