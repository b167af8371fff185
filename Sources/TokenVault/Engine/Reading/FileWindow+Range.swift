extension FileWindow {
  /// Has `count` bytes of the file from `offset` on in `bytes`.
  ///
  /// - Parameter ahead: Whether to read a megabyte at once, for what is read in order.
  /// - Returns: Where in `bytes` they are; nil if the version has fewer.
  mutating func range(
    _ count: Int, at offset: Int64, ahead: Bool = true
  ) throws(TokenVaultError) -> Range<Int>? {
    do throws(FileError) {
      return try load(count, at: offset, ahead: ahead).map { $0..<$0 + count }
    } catch {
      throw TokenVaultError(error)
    }
  }
}
