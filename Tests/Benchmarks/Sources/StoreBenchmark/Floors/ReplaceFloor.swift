import Glibc

/// The least that a file costs which is replaced as a whole: temporary file, fsync, rename, fsync of the
/// directory.
final class ReplaceFloor {
  static let name = "write + fsync + rename"

  private let directory: String
  private let name: String

  init(directory: String, name: String) { (self.directory, self.name) = (directory, name) }

  func replace(by bytes: [UInt8]) throws {
    let (new, old) = ("\(directory)/\(name).new", "\(directory)/\(name)")
    let file = try SystemCall.open(new, O_WRONLY | O_CREAT | O_EXCL)
    try SystemCall.write(bytes, to: file)
    try SystemCall.check(fsync(file), "fsync")
    close(file)
    try SystemCall.check(rename(new, old), "rename")
    let parent = try SystemCall.open(directory, O_RDONLY | O_DIRECTORY)
    try SystemCall.check(fsync(parent), "fsync of the directory")
    close(parent)
  }
}
