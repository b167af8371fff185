internal import Glibc

/// A copy of a database with its journals, in a directory of its own that no other user can enter. SQLite brings the
/// copy up to date, and never touches the original.
struct TemporaryCopy: ~Copyable {
  private let directory: String

  /// The database in the copy.
  var path: String { "\(directory)/database" }

  /// Copies the files, by the ends of their names: `""` is the database.
  ///
  /// - Throws: ``ForeignFault/file(path:call:errno:)``; nothing is left then.
  static func of(
    _ files: [(ending: String, bytes: [UInt8])]
  ) throws(ForeignFault) -> TemporaryCopy {
    let copy = TemporaryCopy(directory: try makeDirectory())
    for (ending, bytes) in files { try write(bytes, copy.path + ending) }
    return copy
  }

  private init(directory: String) { self.directory = directory }

  deinit {
    // SQLite may leave journals of its own.
    for ending in ["", "-journal", "-wal", "-shm"] { _ = unsafe unlink(path + ending) }
    _ = unsafe rmdir(directory)
  }

  /// In memory if the host has such a directory, else where temporary files are.
  private static func makeDirectory() throws(ForeignFault) -> String {
    let parent = environment("XDG_RUNTIME_DIR") ?? environment("TMPDIR") ?? "/tmp"
    var template = Array("\(parent)/tokenvault-XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { text in
      unsafe text.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) }
    }
    guard let made else { throw .file(path: parent, call: "mkdtemp", errno: errno) }
    return made
  }

  private static func environment(_ name: String) -> String? {
    guard let text = unsafe getenv(name), unsafe text.pointee != 0 else { return nil }
    return unsafe String(cString: text)
  }

  private static func write(_ bytes: [UInt8], _ path: String) throws(ForeignFault) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .file(path: path, call: "open", errno: errno) }
    defer { close(file) }
    var place = 0
    while place < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { memory in
        unsafe Glibc.write(file, memory.baseAddress.map { unsafe $0 + place }, memory.count - place)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .file(path: path, call: "write", errno: errno) }
      place += count
    }
  }
}
