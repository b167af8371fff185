/// A piece of a version of a file in memory, which moves along as the file is read: so a file of any size is read in
/// bounded memory.
struct FileWindow {
  /// What was read last.
  private(set) var bytes: [UInt8] = []

  private let file: VaultFile
  private let version: VaultFile.Version
  /// Where in the file `bytes` begins.
  private var start: Int64 = 0

  /// How much is read at once, if it is there: a megabyte.
  private static let size: Int64 = 1 << 20

  /// A window that is empty yet.
  init(_ file: VaultFile, _ version: VaultFile.Version) {
    (self.file, self.version) = (file, version)
  }

  /// Has `count` bytes of the file from `offset` on in `bytes`, or more, and tells where in it they begin; nil if the
  /// version has fewer. More than a megabyte is in memory only for who asks for so much.
  mutating func load(_ count: Int, at offset: Int64) throws(FileError) -> Int? {
    let rest = version.status.size - offset
    guard Int64(count) <= rest else { return nil }
    let place = offset - start
    if place >= 0, place + Int64(count) <= Int64(bytes.count) { return Int(place) }
    let length = Int(min(max(Int64(count), Self.size), rest))
    if bytes.count != length {
      // The old ones go first, so that there are not both.
      bytes = []
      bytes = [UInt8](repeating: 0, count: length)
    }
    // Until it is read: of what a failed read leaves, nothing is known.
    start = .max
    guard try file.read(version, at: offset, &bytes) else {
      throw FileError.cut(file.location.path)
    }
    start = offset
    return 0
  }
}

extension FileError {
  /// The file became shorter while it was read.
  static func cut(_ path: String) -> FileError {
    .disk(DiskError(call: "read", path: path, errno: 5))  // EIO
  }
}
