@testable import TokenVault

// What changes nothing on the disk is the real one's.
extension PowerCutDisk {
  private var real: LinuxDisk { LinuxDisk() }

  func status(of path: String) throws(FileError) -> FileStatus? { try real.status(of: path) }
  func status(of file: Int32) throws(FileError) -> FileStatus { try real.status(of: file) }
  func identity(of path: String) throws(FileError) -> FileStatus? { try real.identity(of: path) }
  func identity(of file: Int32) throws(FileError) -> FileStatus { try real.identity(of: file) }
  func read(
    _ file: Int32, at offset: Int64?, into memory: UnsafeMutableRawBufferPointer
  ) throws(FileError) -> Int {
    unsafe try real.read(file, at: offset, into: memory)
  }
  func closeOnExec(_ file: Int32) { real.closeOnExec(file) }
  func names(in directory: String) throws(FileError) -> [String] {
    try real.names(in: directory)
  }
  func hasAccessList(_ path: String) -> Bool { real.hasAccessList(path) }
  func isMountPoint(_ path: String) -> Bool { real.isMountPoint(path) }
  func isWritable(directory: String) -> Bool { real.isWritable(directory: directory) }
  func workingDirectory() throws(FileError) -> String { try real.workingDirectory() }
  func target(ofLink path: String) throws(FileError) -> String { try real.target(ofLink: path) }
  func tryLock(_ file: Int32, byte: Int64) throws(FileError) -> Bool {
    try real.tryLock(file, byte: byte)
  }
  func unlock(_ file: Int32, byte: Int64) { real.unlock(file, byte: byte) }
  func announce(_ file: Int32, byte: Int64) { real.announce(file, byte: byte) }
  func withdraw(_ file: Int32, byte: Int64) { real.withdraw(file, byte: byte) }
  func holder(of file: Int32, byte: Int64) -> Int32? { real.holder(of: file, byte: byte) }
  func pause(microseconds: UInt32) { real.pause(microseconds: microseconds) }
}
