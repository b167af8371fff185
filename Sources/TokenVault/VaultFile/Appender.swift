internal import Synchronization

/// A file that is opened for writing behind its end when that is first wanted, and stays open: to open it for each save
/// would cost more than the write.
final class Appender: Sendable {
  private let opened = Mutex<OpenFile?>(nil)

  /// The file; `open` opens it the first time.
  func file(_ open: () throws(FileError) -> OpenFile) throws(FileError) -> OpenFile {
    if let file = opened.withLock({ $0 }) { return file }
    let file = try open()
    opened.withLock { $0 = file }
    return file
  }
}
