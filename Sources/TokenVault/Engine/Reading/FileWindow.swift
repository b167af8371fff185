internal import Glibc

/// A window on one version of a file, which moves along as the file is read, so that memory is bounded.
struct FileWindow {
  /// The bytes in the window.
  private(set) var bytes: [UInt8] = []

  private let file: VaultFile
  private let version: VaultFile.Version
  /// The offset of `bytes` in the file.
  private var start: Int64 = 0

  var path: String { file.location.path }
  /// The bytes of the version.
  var size: Int64 { version.status.size }

  /// How many bytes are read at once, if the file has them.
  private let aheadSize: Int64

  /// A megabyte.
  static let aheadSize = 1 << 20

  /// A window that has the first bytes of the file, or none.
  init(
    _ file: VaultFile, _ version: VaultFile.Version, start: [UInt8] = [],
    aheadSize: Int = aheadSize
  ) {
    (self.file, self.version, bytes) = (file, version, start)
    self.aheadSize = Int64(aheadSize)
  }

  /// Moves the window so that it has `count` bytes of the file from `offset` on.
  ///
  /// - Parameter ahead: Whether to read a megabyte at once, for what is read in order.
  /// - Returns: Where in `bytes` they are; nil if the version has fewer.
  mutating func range(
    _ count: Int, at offset: Int64, ahead: Bool = true
  ) throws(TokenVaultError) -> Range<Int>? {
    let rest = size - offset
    guard Int64(count) <= rest else { return nil }
    let place = offset - start
    if place >= 0, place + Int64(count) <= Int64(bytes.count) {
      return Int(place)..<Int(place) + count
    }
    let length = ahead ? Int(min(max(Int64(count), aheadSize), rest)) : count
    if bytes.count != length {
      // Free the old buffer first, so that there are never two.
      bytes = []
      bytes = [UInt8](repeating: 0, count: length)
    }
    // Whatever a failed read leaves is not looked at.
    start = .max
    guard try TokenVaultError.wrap(file: file.read(version, at: offset, &bytes)) else {
      throw isCut
    }
    start = offset
    if ahead { file.onProgress?(VaultProgress(.reading, done: offset + Int64(length), of: size)) }
    return 0..<count
  }

  /// The same for bytes that the version had when its size was read.
  mutating func knownRange(
    _ count: Int, at offset: Int64, ahead: Bool = true
  ) throws(TokenVaultError) -> Range<Int> {
    guard let range = try range(count, at: offset, ahead: ahead) else { throw isCut }
    return range
  }

  /// The file became shorter while it was read.
  private var isCut: TokenVaultError {
    TokenVaultError(SystemCallError("read", path, errno: EIO))
  }
}
