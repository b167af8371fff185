extension VaultFile {
  /// Whether a path is one that the vault uses for itself: it would remove or replace what is there.
  func uses(_ path: String) throws(FileError) -> Bool {
    let place = try VaultLocation(resolving: path, disk: disk)
    return location.places.contains { place.isSamePlace(as: $0, disk: disk) }
  }

  /// Copies the file, byte by byte, to a path at which nothing is: durable, mode 0600. No writer changes it meanwhile.
  ///
  /// A copy by other programs is not of one moment: they may read past the end of the log before an entry is written there,
  /// and have the entry behind it.
  ///
  /// - Parameter timeout: How long to wait for the writer lock.
  /// - Throws: `alreadyThere`, `lockTimeout`, and what the system says; nothing is at the path then.
  func copy(to path: String, timeout: Duration) throws(FileError) {
    if try disk.isThere(path) { throw .alreadyThere(path: path) }
    try files.createWhole(path) { (copy) throws(FileError) in
      // The writers wait for the copy, and not for its flush.
      let lock = try lock(timeout: timeout)
      defer { lock.release() }
      try copyWhole(newest(by: lock), to: copy)
    }
  }

  private func newest(by lock: WriterLock) throws(FileError) -> Version {
    while true {
      let version = try readStart(0).version
      if try holdNewest(version, by: lock) { return version }
    }
  }

  private func copyWhole(_ version: Version, to copy: OpenFile) throws(FileError) {
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    var offset: Int64 = 0
    while true {
      let count = try version.file.read(into: &piece, at: offset)
      if count == 0 { return }
      try copy.write(piece.span.extracting(..<count))
      offset += Int64(count)
    }
  }
}
