/// Tells when a vault may have been replaced, by any process of this machine.
///
/// The kernel tells it (inotify(7)), so that it costs nothing while nothing happens. It watches the vault's directory,
/// because each save puts another file in the vault's place. Where the kernel refuses that, the vault's path is looked
/// at now and then.
final class DirectoryWatch: Sendable {
  /// How a wait has ended; of two, the later one in this order counts.
  enum Outcome: Int, Comparable, Sendable {
    /// The vault's name was given to another file, or that file was written, or it is gone.
    case touched
    /// This watch sees nothing any more, and another is to be made: the directory is no longer where it was, this is a
    /// child of the process that made it, or the kernel may tell by now what this one has to look for.
    case lost
    /// The watch was cancelled, and stays so.
    case cancelled

    static func < (left: Outcome, right: Outcome) -> Bool { left.rawValue < right.rawValue }
  }

  private enum Source {
    case kernel(InotifyInstance, watcher: Int)
    case polling(StatusPolling)
  }

  private let source: Source

  /// Begins to watch: what happens from now on ends a wait, also one that begins later. `instance` is where the kernel
  /// is asked, and `interval` the time between two looks if it cannot be.
  init(
    _ file: VaultFile, interval: Duration = StatusPolling.interval,
    instance: () throws(DiskError) -> InotifyInstance = InotifyInstance.shared
  ) throws(FileError) {
    let location = file.location
    do throws(DiskError) {
      let instance = try instance()
      let watcher = try instance.add(location.fileName, in: location.directory)
      source = .kernel(instance, watcher: watcher)
    } catch  where error.isLackOfWatches {
      source = .polling(StatusPolling(file, every: interval))
    } catch {
      throw error.isNoSuchFile ? .noDirectory(path: location.directory) : .disk(error)
    }
  }

  /// Ends the wait that is under way, and every later one. From any thread.
  func cancel() {
    switch source {
    case .kernel(let instance, let watcher): instance.cancel(watcher)
    case .polling(let polling): polling.cancel()
    }
  }

  /// Blocks this thread until something has happened since the last wait. One at a time.
  func wait() throws(DiskError) -> Outcome {
    switch source {
    case .kernel(let instance, let watcher): try instance.wait(watcher)
    case .polling(let polling): polling.wait()
    }
  }

  deinit {
    if case .kernel(let instance, let watcher) = source { instance.remove(watcher) }
  }
}
