internal import Glibc

extension DirectoryWatch {
  /// Waits without blocking the caller's thread; the end of the task cancels the watch.
  ///
  /// A thread of its own waits, and ends with the wait: those of Swift's pool are few, and never wait.
  func waitOnThread() async throws(DiskError) -> Outcome {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { WaitingThread.start($0, self) }
    } onCancel: {
      cancel()
    }
    return try result.get()
  }
}

/// A thread that waits once, and hands over how that ended.
private final class WaitingThread {
  private var watch: DirectoryWatch?
  private let continuation: CheckedContinuation<Result<DirectoryWatch.Outcome, DiskError>, Never>

  private init(
    _ continuation: CheckedContinuation<Result<DirectoryWatch.Outcome, DiskError>, Never>,
    _ watch: DirectoryWatch
  ) {
    (self.continuation, self.watch) = (continuation, watch)
  }

  static func start(
    _ continuation: CheckedContinuation<Result<DirectoryWatch.Outcome, DiskError>, Never>,
    _ watch: DirectoryWatch
  ) {
    let waiting = unsafe Unmanaged.passRetained(WaitingThread(continuation, watch))
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<WaitingThread>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, waiting.toOpaque())
    guard status == 0 else {
      unsafe waiting.release()
      let error = DiskError(call: "pthread_create", path: nil, errno: status)
      return continuation.resume(returning: .failure(error))
    }
    pthread_detach(thread)
  }

  private func run() {
    Self.leaveSignalsToOthers()
    let result = Result { () throws(DiskError) in try watch?.wait() ?? .cancelled }
    // Let go before the task goes on, so that its end closes the descriptors.
    watch = nil
    continuation.resume(returning: result)
  }

  private static func leaveSignalsToOthers() {
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
  }
}
