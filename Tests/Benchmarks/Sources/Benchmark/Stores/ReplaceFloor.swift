import Glibc

/// The minimal cost of replacing a whole file: temporary file, fsync, rename, fsync of the directory.
enum ReplaceFloor {
  static let name = "write + fsync + rename"

  static func replace(_ path: String, by bytes: [UInt8]) throws {
    let file = try SystemCall.open(path + ".new", O_WRONLY | O_CREAT | O_EXCL)
    try SystemCall.write(bytes, to: file)
    try SystemCall.check(fsync(file), "fsync")
    close(file)
    try SystemCall.check(rename(path + ".new", path), "rename")
    let directory = try SystemCall.open(".", O_RDONLY | O_DIRECTORY)
    try SystemCall.check(fsync(directory), "fsync of the directory")
    close(directory)
  }
}
