// Files that get their name when they are complete.
extension PrivateFile {
  /// Makes a file that must not be there, durable with its name. A kill leaves the whole file or none; on failure it is
  /// removed.
  ///
  /// - Parameter write: Writes its content; called a second time if the file system has no files without names.
  func createWhole(
    _ path: String, write: (OpenFile) throws(FileError) -> Void
  ) throws(FileError) {
    let directory = Self.directory(of: path)
    do throws(FileError) {
      let file = try OpenFile(disk, directory, .creatingUnnamed, named: path)
      try write(file)
      try file.synchronize()
      try file.link(to: path)
    } catch .system(let error) where error.isWithoutUnnamedFiles {
      try createStaged(path, write: write)
    } catch {
      throw error.opening(path)
    }
    do { try synchronizeDirectory(directory) } catch {
      try? disk.remove(path)
      throw error
    }
  }

  /// The same under a staging name, which a kill may leave behind. Its random part separates two concurrent calls.
  private func createStaged(
    _ path: String, write: (OpenFile) throws(FileError) -> Void
  ) throws(FileError) {
    let staging = "\(path).\(UInt64.random(in: .min ... .max)).new"
    var made: [String] = []
    do throws(FileError) {
      let file = try OpenFile(disk, staging, .creating, named: path)
      made = [staging]
      try write(file)
      try file.synchronize()
      try disk.link(staging, to: path)
      made.append(path)
      try disk.remove(staging)
    } catch {
      for name in made { try? disk.remove(name) }
      throw error.opening(path)
    }
  }
}
