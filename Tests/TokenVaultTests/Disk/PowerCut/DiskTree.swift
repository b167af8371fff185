import Foundation

/// What is on a disk: directories, and files under all their names.
struct DiskTree: Sendable, Hashable {
  struct File: Sendable, Hashable {
    let names: [String]
    let bytes: [UInt8]
  }

  /// Those above first.
  let directories: [String]
  let files: [File]

  /// What is in a directory now; one name for each file.
  init(readingFrom root: String) throws {
    let manager = FileManager.default
    let paths = (try manager.subpathsOfDirectory(atPath: root)).sorted().map { "\(root)/\($0)" }
    func isDirectory(_ path: String) throws -> Bool {
      try manager.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeDirectory
    }
    directories = try paths.filter(isDirectory)
    files = try paths.filter { try !isDirectory($0) }.map {
      File(names: [$0], bytes: [UInt8](try Data(contentsOf: URL(filePath: $0))))
    }
  }

  init(directories: [String], files: [File]) {
    (self.directories, self.files) = (directories, files)
  }

  /// Puts all of it in the place of what is in a directory, for the owner alone.
  func write(inPlaceOf root: String) throws {
    let manager = FileManager.default
    for name in try manager.contentsOfDirectory(atPath: root) {
      try manager.removeItem(atPath: "\(root)/\(name)")
    }
    for path in directories {
      try manager.createDirectory(
        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }
    for file in files {
      try Data(file.bytes).write(to: URL(filePath: file.names[0]))
      try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.names[0])
      for name in file.names.dropFirst() {
        try manager.linkItem(atPath: file.names[0], toPath: name)
      }
    }
  }
}
