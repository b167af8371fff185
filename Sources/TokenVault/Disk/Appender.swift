internal import Synchronization

/// A vault's file that is open for writing: its inode is locked through it, and saves are written behind its end.
///
/// It is opened when it is first wanted, and stays open, because to open it for each save would cost more than the
/// write. After a fork, parent and child open it anew: a lock belongs to the open file description, which they share.
final class Appender: Sendable {
  private let opened: Mutex<ProcessOwned<OpenFile?>>

  init() { opened = Mutex(ProcessOwned(.descriptor) { nil }) }

  /// The file that this process has just written.
  init(_ file: OpenFile) {
    var owned = ProcessOwned<OpenFile?>(.descriptor) { nil }
    owned.store(file, madeAt: file.history)
    opened = Mutex(owned)
  }

  /// The file; `open` opens it the first time, or returns nil if it cannot be had any more.
  func file(_ open: () throws(FileError) -> OpenFile?) throws(FileError) -> OpenFile? {
    if let file = opened.withLock({ $0.value }) { return file }
    let file = try open()
    if let file { opened.withLock { $0.store(file, madeAt: file.history) } }
    return file
  }
}
