// Files that get their name when they are whole.
extension PrivateFile {
  /// Makes a file that must not be there, and that gets its name when it is whole: a kill leaves it or
  /// nothing. Durable, its name too; on failure it is gone again.
  func createWhole(_ path: String, _ bytes: Span<UInt8>) throws(FileError) {
    try createWhole(path) { (file) throws(DiskError) in try disk.write(file.descriptor, bytes) }
  }

  /// The same with what `write` writes, which is called again if the file system turns out to have no files without
  /// names.
  func createWhole(
    _ path: String, write: (OpenFile) throws(DiskError) -> Void
  ) throws(FileError) {
    let directory = Self.directory(of: path)
    do throws(DiskError) {
      let file = try OpenFile(disk, directory, .creatingUnnamed)
      try write(file)
      try disk.synchronize(file.descriptor)
      try disk.link(file.descriptor, to: path)
    } catch {
      guard error.isWithoutUnnamedFiles else { throw Self.error(error.at(path), path) }
      try createStaged(path, write: write)
    }
    do { try synchronizeDirectory(directory) } catch {
      try? disk.remove(path)
      throw error
    }
  }

  /// The same by a second name, which a kill may leave behind; the random part keeps two that do this at
  /// once out of each other's way.
  private func createStaged(
    _ path: String, write: (OpenFile) throws(DiskError) -> Void
  ) throws(FileError) {
    let staging = "\(path).\(UInt64.random(in: .min ... .max)).new"
    var made: [String] = []
    do throws(DiskError) {
      let file = try OpenFile(disk, staging, .creating)
      made = [staging]
      try write(file)
      try disk.synchronize(file.descriptor)
      try disk.link(staging, to: path)
      made.append(path)
      try disk.remove(staging)
    } catch {
      for name in made { try? disk.remove(name) }
      throw Self.error(error.at(path), path)
    }
  }
}
