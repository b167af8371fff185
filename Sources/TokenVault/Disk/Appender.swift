internal import Synchronization

/// The vault's file, open for writing: its inode is locked through it, and saves are appended to it.
///
/// It is opened when it is first needed, and stays open, because an open for each save would cost more than the write.
/// After a fork, parent and child open it anew: a lock belongs to the open file description, which they share.
final class Appender: Sendable {
  private let opened: Mutex<ProcessOwned<OpenFile?>>

  init() { opened = Mutex(ProcessOwned(.descriptor) { nil }) }

  /// The file that this process has just written.
  init(_ file: OpenFile) {
    var owned = ProcessOwned<OpenFile?>(.descriptor) { nil }
    owned.store(file, madeAt: file.history)
    opened = Mutex(owned)
  }

  /// The file; `open` opens it the first time, or returns nil if it is no longer there.
  func file(_ open: () throws(FileError) -> OpenFile?) throws(FileError) -> OpenFile? {
    if let file = opened.withLock({ $0.value }) { return file }
    let file = try open()
    if let file { opened.withLock { $0.store(file, madeAt: file.history) } }
    return file
  }
}
