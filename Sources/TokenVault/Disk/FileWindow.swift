/// A window on one version of a file, which moves along as the file is read, so that memory is bounded.
struct FileWindow {
  /// The bytes in the window.
  private(set) var bytes: [UInt8] = []

  private let file: VaultFile
  private let version: VaultFile.Version
  /// The offset of `bytes` in the file.
  private var start: Int64 = 0

  /// How many bytes are read at once, if the file has them.
  private static let size: Int64 = 1 << 20

  /// A window that has the first bytes of the file, or none.
  init(_ file: VaultFile, _ version: VaultFile.Version, start: [UInt8] = []) {
    (self.file, self.version, bytes) = (file, version, start)
  }

  /// Moves the window so that it has at least `count` bytes of the file from `offset` on. It has more than a megabyte
  /// only if `count` is more; without `ahead`, it has no more than `count`.
  ///
  /// - Returns: the index in `bytes` at which they begin; nil if the version has fewer.
  mutating func load(
    _ count: Int, at offset: Int64, ahead: Bool = true
  ) throws(FileError) -> Int? {
    let rest = version.status.size - offset
    guard Int64(count) <= rest else { return nil }
    let place = offset - start
    if place >= 0, place + Int64(count) <= Int64(bytes.count) { return Int(place) }
    let length = ahead ? Int(min(max(Int64(count), Self.size), rest)) : count
    if bytes.count != length {
      // Free the old buffer first, so that there are never two.
      bytes = []
      bytes = [UInt8](repeating: 0, count: length)
    }
    // Whatever a failed read leaves is not looked at.
    start = .max
    guard try file.read(version, at: offset, &bytes) else {
      throw FileError.cut(file.location.path)
    }
    start = offset
    return 0
  }
}
