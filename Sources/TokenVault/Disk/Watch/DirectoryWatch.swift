/// Reports when any process of this machine may have changed a vault.
///
/// The kernel reports changes of the vault's directory (inotify(7)), because a checkpoint replaces the vault's file.
/// That costs nothing while nothing happens. If the kernel has no watch for us, the vault's path is polled.
final class DirectoryWatch: Sendable {
  /// How a wait has ended; of two outcomes, the later one in this order counts.
  enum Outcome: Int, Comparable, Sendable {
    /// The vault's file was written, replaced or removed.
    case touched
    /// This watch reports nothing any more, and must be replaced: the directory is no longer at its path, this is a
    /// forked child of the process that made it, or it has polled so long that the kernel is to be asked again.
    case lost
    /// The watch was cancelled, for ever.
    case cancelled

    static func < (left: Outcome, right: Outcome) -> Bool { left.rawValue < right.rawValue }
  }

  private enum Source {
    case kernel(InotifyInstance, watcher: Int)
    case polling(StatusPolling)
  }

  private let source: Source

  /// Begins to watch: a change from now on ends a wait, even one that begins later.
  ///
  /// - Parameters:
  ///   - interval: the time between two polls, if the kernel has no watch for us.
  ///   - instance: makes the inotify instance.
  /// - Throws: `noDirectory` if the vault's directory is missing, else `system`.
  init(
    _ file: VaultFile, interval: Duration = StatusPolling.interval,
    instance: () throws(FileError) -> InotifyInstance = InotifyInstance.shared
  ) throws(FileError) {
    let location = file.location
    do throws(FileError) {
      let instance = try instance()
      let watcher = try instance.add(location.fileName, in: location.directory)
      source = .kernel(instance, watcher: watcher)
    } catch .system(let error) where error.isLackOfWatches {
      source = .polling(StatusPolling(file, every: interval))
    } catch .system(let error) where error.isNoSuchFile {
      throw .noDirectory(path: location.directory)
    }
  }

  /// Ends the present wait, and every later one; from any thread.
  func cancel() {
    switch source {
    case .kernel(let instance, let watcher): instance.cancel(watcher)
    case .polling(let polling): polling.cancel()
    }
  }

  /// Blocks this thread until something has happened since the last wait. One wait at a time.
  func wait() throws(FileError) -> Outcome {
    switch source {
    case .kernel(let instance, let watcher): try instance.wait(watcher)
    case .polling(let polling): polling.wait()
    }
  }

  deinit {
    if case .kernel(let instance, let watcher) = source { instance.remove(watcher) }
  }
}
