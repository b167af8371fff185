extension VaultFile {
  /// Reads so many bytes of a version from an offset on; nil if it has fewer.
  func bytes(
    _ version: Version, _ count: Int, at offset: Int64
  ) throws(TokenVaultError) -> [UInt8]? {
    if version.status.size - offset < Int64(count) { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    do throws(FileError) {
      guard try read(version, at: offset, &bytes) else { throw FileError.cut(location.path) }
    } catch {
      throw TokenVaultError(error)
    }
    return bytes
  }
}
